"""The developer's kit: everything behind the commands in script/.

Only the standard library is used here, because this code has to run before
anything else is installed.
"""
