"""Submissions to real servers of their own: how fast they are, and what survives."""
