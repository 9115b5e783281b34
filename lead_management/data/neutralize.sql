-- A copy for tests sends nothing of what was waiting in the original.
UPDATE lead_message
   SET state = 'cancelled', error = 'Cancelled in a copy for tests', worker = NULL
 WHERE state IN ('queued', 'retry', 'sending');
DELETE FROM lead_message_outage;
