// Moves messages and stack traces of failures into a payload, so that the codec encrypts them too. All but one: the refusal of a
// decision holds no customer data, and the dialog of the Temporal UI shows its message as it is stored, without a codec.
// CommonJS, because Temporal loads it by path: with require() in this process and with webpack in the sandbox.

const { ApplicationFailure, DefaultFailureConverter } = require('@temporalio/common')

const encoding = new DefaultFailureConverter({ encodeCommonAttributes: true })
const plain = new DefaultFailureConverter()

/** A cause may be anything, and would be shown with it. */
const isRefusal = (error) =>
  error instanceof ApplicationFailure && error.type === 'RESOLUTION_REFUSED' && error.cause === undefined

exports.failureConverter = {
  errorToFailure: (error, payloads) => (isRefusal(error) ? plain : encoding).errorToFailure(error, payloads),
  // Reads both kinds.
  failureToError: (failure, payloads) => encoding.failureToError(failure, payloads),
}
