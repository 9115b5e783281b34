-- A copy for tests sends nothing of what was waiting in the original.
UPDATE lead_message
   SET state = 'cancelled', error = 'Cancelled in a copy for tests', worker = NULL
 WHERE state IN ('queued', 'retry', 'sending');
DELETE FROM lead_message_outage;
-- Nobody goes on in a sequence.
UPDATE lead_enrollment
   SET state = 'paused', reason = 'copy', until = NULL,
       paused_date = now() AT TIME ZONE 'UTC'
 WHERE state IN ('waiting', 'queued', 'task');
-- A copy writes to nobody on WhatsApp, and takes no calls.
UPDATE lead_whatsapp_account
   SET access_token = NULL,
       app_secret = NULL,
       verify_token = NULL,
       webhook_token = NULL,
       state = 'draft',
       active = false;
-- A copy takes no leads from outside, and reads none.
UPDATE lead_capture_source
   SET token = NULL,
       secret = NULL,
       key_hash = NULL,
       access_token = NULL,
       verify_token = NULL,
       is_disconnected = false,
       active = (kind IN ('manual', 'import', 'whatsapp'));
-- A copy asks no service, and buys nothing.
UPDATE lead_check_service
   SET secret = NULL,
       is_allowed = false,
       active = false;
UPDATE lead_check_request SET state = 'refused', error = 'copy'
 WHERE state IN ('waiting', 'claimed', 'retry');
UPDATE lead_credit_provider
   SET username = NULL,
       secret = NULL,
       active = false;
UPDATE lead_credit_check SET state = 'refused', refusal = 'copy'
 WHERE state IN ('wanted', 'approval', 'claimed', 'ambiguous');
-- A copy is connected to nobody, and carries nothing that was on its way.
UPDATE lead_share_partner
   SET secret = NULL,
       secret_before = NULL,
       invitation = NULL,
       peer = NULL,
       their_peer = NULL,
       connection_state = CASE WHEN kind = 'connection' THEN 'new' END;
UPDATE lead_share_message
   SET state = 'failed', body = NULL, error = 'Cancelled in a copy for tests'
 WHERE state IN ('waiting', 'sending', 'unknown');
