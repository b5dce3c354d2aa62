// Writes docs/commands from the built commands themselves; with --check only says whether it is current.
import {execFileSync} from 'node:child_process'
import {cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const folder = 'docs/commands'
const before = mkdtempSync(join(tmpdir(), 'slsops-docs-'))
cpSync(folder, before, {recursive: true})

const args = ['--multi', '--output-dir', folder, '--readme-path', `${folder}/README.md`, '--no-source-links']
execFileSync('oclif', ['readme', ...args], {stdio: 'ignore'})
// oclif links from the root of the repository, whatever page the list stands on
const index = readFileSync(`${folder}/README.md`, 'utf8')
writeFileSync(`${folder}/README.md`, index.replaceAll(`](${folder}/`, '](').replace('# Command Topics\n\n', ''))

const changed = readdirSync(folder).filter(name => read(before, name) !== read(folder, name))
if (process.argv.includes('--check') && changed.length > 0) {
  console.error(`not current: ${changed.map(name => `${folder}/${name}`).join(', ')}; run npm run docs`)
  process.exitCode = 1
}

function read(where, name) {
  try {
    return readFileSync(join(where, name), 'utf8')
  } catch {
    return null
  }
}
