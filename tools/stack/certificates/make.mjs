/**
 * Makes what is missing of a stack's authority and certificates, and prints the parties whose certificates are new, as JSON.
 *
 * Usage: node tools/stack/certificates/make.mjs <folder>
 */
import { ensureCertificates } from './certificate-folder.mjs';

console.log(JSON.stringify(await ensureCertificates(process.argv[2])));
