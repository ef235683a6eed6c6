// Whether dist/ was made from the sources as they are. Plain JavaScript, since it is asked before anything is compiled, and at every start in a
// checkout. A package holds dist/ already, and no package-lock.json, by which the two are told apart.

const { existsSync, readdirSync, readFileSync, statSync } = require('node:fs')
const { dirname, join } = require('node:path')

const root = dirname(__dirname)
const stamp = join(root, 'dist', '.built-from')

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** The sources, and their paths, times and sizes as a text: what dist/ was built from. */
function sources() {
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.([cm]?js|ts|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
  return { mark: [...files, join(root, 'tsconfig.json')].map(lineOf).join(''), files }
}

function lineOf(file) {
  const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? {}
  return `${file.slice(root.length)} ${mtimeMs} ${size}\n`
}

const isPackage = () => !existsSync(join(root, 'package-lock.json'))

const isBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === sources().mark

/** Where the lines of `sources` stand that a bundle was made from. */
const marksOf = (bundle) => `${bundle}.from`

/** Whether a bundle is there and newer than what it was made from: a third of all sources, so that a start need not look at the others. */
function isFresh(bundle) {
  if (isPackage()) return existsSync(bundle)
  const marks = marksOf(bundle)
  const isInstalled =
    modified(join(root, 'node_modules', '.package-lock.json')) >= modified(join(root, 'package-lock.json'))
  if (!isInstalled || !existsSync(marks)) return false
  const lines = readFileSync(marks, 'utf8').trimEnd().split('\n')
  return lines.every((line) => lineOf(root + line.slice(0, line.indexOf(' '))) === `${line}\n`)
}

module.exports = { root, stamp, modified, sources, isPackage, isBuilt, isFresh, marksOf }
