/**
 * What receipts have in common, whatever they are of: they are pressed with it. Those that are kept need it for as long as they are kept, so
 * it never changes; another one is another version.
 */
export const RECEIPT_FORM_1 = [
  '{"api_version":"aci/1","chat_id":"chatcmpl-1","endpoint":"/v1/chat/completions","event_log":[{"body_hash":"sha256:",',
  '"type":"request.received"},{"body_hash":"sha256:","type":"request.forwarded"},{"model_id":"","required":true,',
  '"result":"verified","session_id":"","type":"upstream.verified"},{"body_hash":"sha256:","type":"response.returned"}],',
  '"key_id":"r1","method":"POST","model":"near_","orgn":{"answer":"complete","channel":"key_attested",',
  '"checks":[{"detail":"ed25519","id":"signature_present","source":"provider_asserted","status":"pass"},',
  '{"detail":"by ","id":"response_signature","source":"hardware_proven","status":"pass"},{"detail":"the quote names ",',
  '"id":"signer_attested","source":"hardware_proven","status":"pass"},{"detail":"","id":"request_hash",',
  '"source":"hardware_proven","status":"pass"},{"detail":"","id":"response_hash","source":"hardware_proven",',
  '"status":"pass"},{"detail":"","id":"signed_model","source":"hardware_proven","status":"pass"}],',
  '"development_root":true,"execution":"tee","format":1,"gateway_build":"0.1.0","log_salt":"","provider":"near",',
  '"provider_signature":{"signature":"","signing_address":"","signing_algo":"ed25519","text":"::"},"reason":null,',
  '"request_cuts":[],"request_edits":[{"at":10,"length":14,"put":""}],"response_edits":[{"at":76,"cut":"",',
  '"put":"near_"}],"response_received":"sha256:","session_after":null,"spki_sha256":"","status":"verified",',
  '"times":{"answered":17,"issued":17,"received":17},"translated":false,"upstream_model":"",',
  '"verifier":"orgn-attestation/1","zdr":null},"receipt_id":"","served_at":17,"signature":""}',
].join('');
