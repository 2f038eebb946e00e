export const SESSION_COOKIE = 'datasync_session';

/** Personal tokens begin with this, so that people and secret scanners recognise them. */
export const PERSONAL_TOKEN_PREFIX = 'dst_';
