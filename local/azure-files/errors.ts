/**
 * Every error this server answers with: HTTP status and the sentence Azure writes. Source: Microsoft's pages
 * "Common REST API error codes" and "Azure Files error codes".
 */
const ERRORS = {
  AuthenticationFailed: [
    403,
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  ],
  AuthorizationFailure: [403, 'This request is not authorized to perform this operation.'],
  AuthorizationPermissionMismatch: [
    403,
    'This request is not authorized to perform this operation using this permission.',
  ],
  AuthorizationProtocolMismatch: [
    403,
    'This request is not authorized to perform this operation using this protocol.',
  ],
  AuthorizationResourceTypeMismatch: [
    403,
    'This request is not authorized to perform this operation using this resource type.',
  ],
  AuthorizationServiceMismatch: [
    403,
    'This request is not authorized to perform this operation using this service.',
  ],
  AuthorizationSourceIPMismatch: [
    403,
    'This request is not authorized to perform this operation using this source IP {0}.',
  ],
  CannotVerifyCopySource: [404, 'Could not verify the copy source within the specified time.'],
  ConditionNotMet: [412, 'The condition specified using HTTP conditional header(s) is not met.'],
  DirectoryNotEmpty: [409, 'The specified directory is not empty.'],
  EmptyMetadataKey: [400, 'The key for one of the metadata key-value pairs is empty.'],
  FileInvalidPermission: [400, 'The specified file permission is not valid.'],
  FileInvalidPermissionKey: [400, 'The specified file permission key does not exist in the share.'],
  InsufficientAccountPermissions: [
    403,
    'The account being accessed does not have sufficient permissions to execute this operation.',
  ],
  InternalError: [500, 'Server encountered an internal error. Please try again after some time.'],
  InvalidAuthenticationInfo: [
    400,
    'Authentication information is not given in the correct format. Check the value of Authorization header.',
  ],
  InvalidFileOrDirectoryPathName: [
    400,
    'The specified file or directory path is too long or has too many subdirectories.',
  ],
  InvalidHeaderValue: [400, 'The value for one of the HTTP headers is not in the correct format.'],
  InvalidHttpVerb: [400, 'The HTTP verb specified was not recognized by the server.'],
  InvalidInput: [400, 'One of the request inputs is not valid.'],
  InvalidMd5: [
    400,
    'The MD5 value specified in the request is invalid. It must be 128 bits and base64-encoded.',
  ],
  InvalidMetadata: [400, 'The specified metadata is invalid. It includes characters that are not permitted.'],
  InvalidQueryParameterValue: [
    400,
    'Value for one of the query parameters specified in the request URI is invalid.',
  ],
  InvalidRange: [416, 'The range specified is invalid for the current size of the resource.'],
  InvalidResourceName: [400, 'The specified resource name contains invalid characters.'],
  InvalidUri: [400, 'The requested URI does not represent any resource on the server.'],
  InvalidXmlDocument: [400, 'XML specified is not syntactically valid.'],
  InvalidXmlNodeValue: [400, 'The value for one of the XML nodes is not in the correct format.'],
  LeaseAlreadyPresent: [409, 'There is already a lease present.'],
  LeaseIdMismatchWithFileOperation: [412, 'The lease ID specified did not match the lease ID for the file.'],
  LeaseIdMismatchWithLeaseOperation: [
    409,
    'The lease ID specified did not match the lease ID for the resource with the specified lease operation.',
  ],
  LeaseIdMismatchWithShareOperation: [
    412,
    'The lease ID specified did not match the lease ID for the share.',
  ],
  LeaseIdMissing: [
    412,
    'There is currently a lease on the resource and no lease ID was specified in the request.',
  ],
  LeaseNotPresentWithFileOperation: [412, 'There is currently no lease on the file.'],
  LeaseNotPresentWithLeaseOperation: [409, 'There is currently no lease on the resource.'],
  LeaseNotPresentWithShareOperation: [412, 'There is currently no lease on the share.'],
  Md5Mismatch: [
    400,
    'The MD5 value specified in the request did not match with the MD5 value calculated by the server.',
  ],
  MetadataTooLarge: [400, 'The size of the specified metadata exceeds the maximum size permitted.'],
  MissingContentLengthHeader: [411, 'Content-Length HTTP header was not specified.'],
  MissingRequiredHeader: [400, 'An HTTP header that is mandatory for this request is not specified.'],
  MissingRequiredQueryParameter: [
    400,
    'A query parameter that is mandatory for this request is not specified.',
  ],
  NoAuthenticationInformation: [
    401,
    'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
  ],
  NoPendingCopyOperation: [409, 'There is currently no pending copy operation.'],
  OperationTimedOut: [500, 'Operation could not be completed within the specified time.'],
  OutOfRangeInput: [400, 'One of the request inputs is out of range.'],
  OutOfRangeQueryParameterValue: [
    400,
    'One of the query parameters specified in the request URI is outside the permissible range.',
  ],
  ParentNotFound: [404, 'The specified parent path does not exist.'],
  ReadOnlyAttribute: [409, 'The specified resource is read-only and cannot be modified at this time.'],
  RequestBodyTooLarge: [413, 'The request body is too large and exceeds the maximum permissible limit.'],
  ResourceAlreadyExists: [409, 'The specified resource already exists.'],
  ResourceNotFound: [404, 'The specified resource does not exist.'],
  ResourceTypeMismatch: [
    409,
    'The specified resource type does not match the type of the existing resource.',
  ],
  ServerBusy: [503, 'The server is busy.'],
  ShareAlreadyExists: [409, 'The specified share already exists.'],
  ShareHasSnapshots: [409, 'The share has snapshots and the operation requires no snapshots.'],
  ShareNotFound: [404, 'The specified share does not exist.'],
  ShareSizeLimitReached: [403, 'The share has reached its size limit.'],
  ShareSnapshotCountExceeded: [409, 'The total number of snapshots for the share is over the limit.'],
  ShareSnapshotOperationNotSupported: [405, 'The operation is not supported on a share snapshot.'],
  TooManyRequests: [429, 'The request is being throttled.'],
  UnsupportedHeader: [400, 'One of the HTTP headers specified in the request is not supported.'],
  UnsupportedHttpVerb: [405, 'The resource does not support the specified HTTP verb.'],
  UnsupportedQueryParameter: [
    400,
    'One of the query parameters specified in the request URI is not supported.',
  ],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof ERRORS;

interface ErrorExtras {
  /** Further elements of the XML body, for example `AuthenticationErrorDetail`. */
  readonly details?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An answer that is an error: the table above gives status and message. */
export class FilesError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, extras: ErrorExtras = {}) {
    super(ERRORS[code][1], extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = 'FilesError';
    this.code = code;
    this.status = ERRORS[code][0];
    this.details = extras.details ?? {};
    this.headers = extras.headers ?? {};
  }
}

/** Whether a text is one of the codes above; fault scripts are checked with it. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text);
}

/** A header that is missing, as Azure names it in the body. */
export function missingHeader(name: string): FilesError {
  return new FilesError('MissingRequiredHeader', { details: { HeaderName: name } });
}

/** A header whose value is no good, with both in the body as Azure does. */
export function invalidHeader(name: string, value: string): FilesError {
  return new FilesError('InvalidHeaderValue', { details: { HeaderName: name, HeaderValue: value } });
}

/** A query parameter whose value is no good. */
export function invalidQuery(name: string, value: string): FilesError {
  return new FilesError('InvalidQueryParameterValue', {
    details: { QueryParameterName: name, QueryParameterValue: value },
  });
}
