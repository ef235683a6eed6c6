// Moves messages and stack traces of failures into a payload, so that the codec encrypts them too.
// CommonJS, because Temporal loads it by path: with require() in this process and with webpack in the sandbox.

const { DefaultFailureConverter } = require('@temporalio/common')

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
