'use strict';
// What `require('@azure/functions-core')` is resolved to; inject-core.ts puts the module there.
module.exports = globalThis[Symbol.for('datasync.functions-core')];
