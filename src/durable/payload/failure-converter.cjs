// Moves messages and stack traces of failures into a payload, so that the codec encrypts them too. All but two, which hold no
// customer data and which the Temporal UI shows as they are stored, without a codec: the refusal of a decision, and a flow that has changed
// under its run.
// CommonJS, because Temporal loads it by path: with require() in this process and with webpack in the sandbox.

const { ApplicationFailure, DefaultFailureConverter } = require('@temporalio/common')

const encoding = new DefaultFailureConverter({ encodeCommonAttributes: true })
const plain = new DefaultFailureConverter()

/** A cause may be anything, and would be shown with it. */
const isPlain = (error) =>
  error instanceof Error &&
  error.cause === undefined &&
  ((error instanceof ApplicationFailure && error.type === 'RESOLUTION_REFUSED') || error.name === 'FlowChanged')

exports.failureConverter = {
  errorToFailure: (error, payloads) => (isPlain(error) ? plain : encoding).errorToFailure(error, payloads),
  // Reads both kinds.
  failureToError: (failure, payloads) => encoding.failureToError(failure, payloads),
}
