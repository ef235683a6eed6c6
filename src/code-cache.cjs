// Loads a CommonJS file with the code that V8 compiled of it in an earlier run.
//
// V8 looks whether its version, its flags and the length of the source are the same, and takes the rest on trust: a cache of another build of
// Node ends in a segmentation fault, one of other sources runs the old ones. So the name of a cache says which build of Node and which contents
// it is of, and a cache is only read where nobody but its owner can write.

const {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs')
const { basename, join } = require('node:path')
const { Script } = require('node:vm')

/** A build of a year ago is of no use, and its cache takes room. */
const longestUnused = 30 * 24 * 3600 * 1000

/** The folder of src/local/cache.ts. */
function folder() {
  const { XDG_CACHE_HOME, HOME } = process.env
  return join(XDG_CACHE_HOME || join(HOME || require('node:os').homedir(), '.cache'), 'mainspan', 'code')
}

/** Two programs that say that they are one version may be two builds. */
function nodeBuild() {
  const { size, mtimeMs } = statSync(process.execPath)
  return `${process.version}-${process.arch}-${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`
}

/** The compiled code in a file of ours; undefined where there is none, or others could have written it. */
function readCache(file) {
  try {
    const { mode, uid } = statSync(file)
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
    return isOwn ? readFileSync(file) : undefined
  } catch {
    return undefined // There is none: the source is compiled.
  }
}

/** Another process never sees half a file. Without a folder that can be written, the next start compiles again. */
function writeCache(file, script) {
  const part = `${file}.${process.pid}`
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o700 })
    const descriptor = openSync(part, 'wx', 0o600)
    writeFileSync(descriptor, script.createCachedData())
    closeSync(descriptor)
    renameSync(part, file)
    removeOld()
  } catch {
    if (existsSync(part)) rmSync(part, { force: true })
  }
}

function removeOld() {
  for (const name of readdirSync(folder())) {
    const one = join(folder(), name)
    if (Date.now() - statSync(one).mtimeMs > longestUnused) rmSync(one, { force: true })
  }
}

/** What the file exports. Its first line is a comment with a hash of what follows. NODE_DISABLE_COMPILE_CACHE turns the cache off, as it does Node's. */
function loadCached(path) {
  const source = readFileSync(path, 'latin1')
  const hash = /^\/\/ ([0-9a-f]{64})\n/.exec(source)?.[1]
  const isCached = hash !== undefined && !process.env.NODE_DISABLE_COMPILE_CACHE
  const file = isCached && join(folder(), `${basename(path)}-${hash.slice(0, 32)}-${nodeBuild()}`)
  const cachedData = file ? readCache(file) : undefined
  // The line of a position in the bundle stays what it is: the wrapper takes none.
  const script = new Script(`(function (exports, require, module, __filename) { ${source}\n})`, {
    filename: path,
    ...(cachedData && { cachedData }),
  })
  // At the end, when the functions that were needed are compiled.
  if (file && (!cachedData || script.cachedDataRejected)) {
    process.once('exit', () => writeCache(file, script))
  }
  const module = { exports: {} }
  script.runInThisContext()(module.exports, require, module, path)
  return module.exports
}

module.exports = { loadCached }
