// After all tests: ends every part that a test asked for.

// biome-ignore lint/style/noDefaultExport: Jest asks for it
export default async function globalTeardown() {
  await globalThis.endTestParts?.()
}
