/** Who has been whom: the identity of somebody whose other self has taken theirs over. Nobody signs in by it. */
export const RETIRED = 'urn:orgn-gateway:moved';

/** Whose account was deleted; see the migration that forgets people. */
export const FORGOTTEN = 'urn:orgn-gateway:deleted';
