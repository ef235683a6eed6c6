// What `npm test` runs: sees to packages and dist/, runs Jest with the given arguments and says at the end `N passed, N failed`.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensure, root } from '../src/mainspan.mjs'

/** The counts of a Jest result. A suite that could not run at all counts as one failed test: nothing may hide in it. */
function counts(file) {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'))
    return { passed: result.numPassedTests, failed: result.numFailedTests + result.numRuntimeErrorTestSuites }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

ensure()
const { ensurePackages } = await import('../dist/local/packages.js')
const { describeFailure, isFailure } = await import('../dist/error/failure.js')
try {
  const report = (line) => console.error(line)
  await ensurePackages({ environment: process.env, report, needs: ['rabbitmq', 'mainframe', 'tests'] })
} catch (error) {
  if (!isFailure(error)) throw error
  console.error(describeFailure(error))
  process.exit(1)
}
const folder = mkdtempSync(join(tmpdir(), 'mainspan-test-'))
const result = join(folder, 'result.json')
const options = [process.env.NODE_OPTIONS ?? '', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
const jest = spawn(
  process.execPath,
  [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--json', `--outputFile=${result}`, ...process.argv.slice(2)],
  // With --json Jest says on standard output where the result is; its readable report goes to standard error, but for the table of --coverage.
  {
    cwd: root,
    stdio: ['inherit', process.argv.includes('--coverage') ? 'inherit' : 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: options.join(' ').trim() },
  },
)
// Ctrl-C reaches Jest by itself; this process only has to outlive it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && jest.kill(signal))
jest.on('exit', (code) => {
  const { passed, failed } = counts(result)
  rmSync(folder, { recursive: true, force: true })
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(code === 0 && failed === 0 ? 0 : code || 1)
})
