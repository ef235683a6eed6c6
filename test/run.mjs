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

/** Tests that need no server and measure no time: as many at once as there are processors. All others run one after the other. */
const pure =
  '/test/(cases|catalog|cobol|codec|codepage|contract|corpora|dataset|frame|guard|operation|oracle|wire)/|/test/[a-z-]+\\.test\\.ts$'

const folder = mkdtempSync(join(tmpdir(), 'mainspan-test-'))
const options = [process.env.NODE_OPTIONS ?? '', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
let interrupted = false
/** The Jest that runs. */
let running
// Ctrl-C reaches Jest by itself; this process only has to outlive it.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true
    if (signal === 'SIGTERM') running?.kill(signal)
  })
}

/** Runs Jest; gives its exit code and what it counted. */
async function jest(words) {
  const result = join(folder, 'result.json')
  rmSync(result, { force: true })
  running = spawn(
    process.execPath,
    [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--json', `--outputFile=${result}`, ...words],
    // With --json Jest says on standard output where the result is; its readable report goes to standard error, but for the table of --coverage.
    {
      cwd: root,
      stdio: ['inherit', words.includes('--coverage') ? 'inherit' : 'ignore', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: options.join(' ').trim() },
    },
  )
  const code = await new Promise((resolve) => running.once('exit', resolve))
  return { code, ...counts(result) }
}

const given = process.argv.slice(2)
const { testPathIgnorePatterns: ignored } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).jest
const runs = given.length
  ? [given]
  : [
      ['--maxWorkers=100%', pure],
      ['--testPathIgnorePatterns', ...ignored, pure],
    ]
const total = { passed: 0, failed: 0, code: 0 }
for (const words of runs) {
  if (interrupted) break
  const { code, passed, failed } = await jest(words)
  total.passed += passed
  total.failed += failed
  total.code ||= code ?? 1
}
rmSync(folder, { recursive: true, force: true })
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.code === 0 && total.failed === 0 ? 0 : total.code || 1)
