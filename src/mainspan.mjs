// What `npm start` and the other scripts run. Plain JavaScript, since it runs before anything is installed or compiled: sees to node_modules and
// dist/, then hands over to the command line in src/cli/main.ts. `--build` only does the former.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import built from './built.cjs'

const { isBuilt, isPackage, modified, sources, stamp } = built
export const { root } = built

/** Starts a program and waits for its end. Loaded when it is needed, since most starts need none. */
const run = (...call) => process.getBuiltinModule('node:child_process').spawnSync(...call)

const say = (line) => process.stderr.write(`${line}\n`)

/** Ends with a clear message on a Node that is too old. */
export function ensureNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  say(`Mainspan needs Node 20.19 or later; this is ${process.versions.node}. Get a newer one: https://nodejs.org`)
  process.exit(1)
}

/** Whether every package that the lock file wants is installed in its version; a lock that was only touched costs no install. */
function installedAsLocked(lock, installed) {
  const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, one]) =>
      path === '' || one.optional || one.devOptional || one.peer || present[path]?.version === one.version,
  )
}

/** Installs the npm packages when they are missing or not those of package-lock.json. */
export function ensurePackages() {
  const lock = join(root, 'package-lock.json')
  const installed = join(root, 'node_modules', '.package-lock.json')
  if (modified(installed) >= modified(lock)) return
  if (existsSync(installed) && installedAsLocked(lock, installed)) {
    utimesSync(installed, new Date(), new Date())
    return
  }
  say('installing npm packages (npm ci)')
  const { status } = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status === 0) return
  say('npm ci failed: see above. Mainspan cannot run without its npm packages.')
  process.exit(1)
}

const output = /\.(d\.ts|[cm]?js(\.map)?)$/

/** Removes what was compiled from sources that are no more. */
function removeOrphans(dist, files) {
  const kept = new Set(files.map((file) => relative(join(root, 'src'), file).replace(/\.(ts|[cm]js)$/, '')))
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name)
    if (output.test(path) && !kept.has(relative(dist, path).replace(output, ''))) rmSync(path)
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Runs `work` while no other process does: two builds into one folder would leave halves. */
function locked(folder, work) {
  const lock = join(folder, '.building')
  mkdirSync(folder, { recursive: true })
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (!alive(Number(readFileSync(lock, { encoding: 'utf8', flag: 'a+' })) || process.pid))
        rmSync(lock, { force: true })
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
  }
  try {
    return work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** Puts the commands over copybooks and records into one file each. `mark` says which sources dist/ is compiled from. */
function bundle(mark) {
  const { status } = run(process.execPath, [join(root, 'src', 'bundle.mjs')], { input: mark, stdio: ['pipe', 2, 2] })
  return status === 0
}

/** Compiles src/ to dist/ when dist/ was made from other sources. */
export function ensureBuilt() {
  const dist = join(root, 'dist')
  if (isBuilt()) return
  locked(dist, () => {
    if (isBuilt()) return
    const { mark, files } = sources()
    say('compiling src to dist')
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const { status, stdout } = run(process.execPath, [tsc, '-p', 'src'], { cwd: root, encoding: 'utf8' })
    removeOrphans(dist, files)
    if (status === 0 && bundle(mark)) writeFileSync(stamp, mark)
    // It is compiled all the same: types do not change what runs. Without the stamp the next start says it again.
    else if (status !== 0)
      say(`${stdout.split('\n').slice(0, 10).join('\n')}\nthe types have mistakes: see npm run check`)
  })
}

/** All that must be there before anything of dist/ can be imported. A package has it. */
export function ensure() {
  ensureNode()
  if (isPackage()) return
  ensurePackages()
  ensureBuilt()
}

/** Runs the command line with the arguments of the process. */
export async function start() {
  ensure()
  if (process.argv[2] !== '--build') await import('../dist/cli/main.js')
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await start()
