// How much of the stack is noted for each promise of a flow. The SDK does so for the call stack that an operator sees, and looks every
// frame up in the source map: with the ten frames of V8 that was a sixth of what the worker spends on a flow.

/** Two frames are the SDK's own; the other two tell where in the flow the promise was made, and who called that. */
Error.stackTraceLimit = 4

export {}
