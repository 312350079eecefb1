// Holds the documents against the code: what a page names exists, and what the code has is on its page.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { minerConfigSchema } from '@witan/miner'
import { ERROR_CATALOG } from '@witan/protocol'
import { listSettings, loadConfiguration, z } from '@witan/runtime'
import { validatorConfigSchema } from '@witan/validator'
import t from 'tap'
import { checkCommandLine, commandLineOf } from './support/command-lines.js'
import { brokenLinks, inlineCode, readDocuments, readSources, readText, root, shellLines } from './support/documents.js'

const documents = readDocuments()
const sources = readSources()
const reference = (name: string) => readText(`docs/reference/${name}.md`)

t.test('the generated pages are fresh', async (t) => {
  const output = await new Promise((resolve) =>
    execFile(process.execPath, [join(root, 'scripts/docs.mjs'), '--check'], (_, stdout, stderr) => {
      resolve(stdout + stderr)
    }),
  )
  t.equal(output, '', '`npm run -s docs` writes them')
})

t.test('every code is thrown, and every thrown code is catalogued', async (t) => {
  // A code that is only compared with is thrown by nobody.
  const comparison = /isWitanError\([^)]*\)|[=!]== '[A-Z_]+'/g
  const text = sources.map((source) => source.text.replaceAll(comparison, '')).join('\n')
  const used = new Set([...text.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)'/g)].map(([, code]) => code))
  const codes = Object.keys(ERROR_CATALOG)
  t.strictSame(
    codes.filter((code) => !used.has(code)),
    [],
    'no code is dead',
  )
  const thrown = [...text.matchAll(/new WitanError\(\s*'([A-Z0-9_]+)'/g)].map(([, code = '']) => code)
  t.ok(thrown.length > codes.length / 2, 'the sources were read')
  t.strictSame(
    thrown.filter((code) => !codes.includes(code)),
    [],
    'no code is unknown',
  )
})

t.test('what the code can be told and tells is on its page', async (t) => {
  const text = sources.map((source) => source.text).join('\n')
  const metrics = [...text.matchAll(/name: '(witan_\w+)'/g)].map(([, name = '']) => name)
  t.ok(metrics.length > 0)
  for (const name of metrics) t.ok(reference('metrics').includes(`\`${name}\``), name)
  const variables = [...text.matchAll(/\benv\.([A-Z][A-Z_]+)/g)].map(([, name = '']) => name)
  t.ok(variables.length > 0)
  for (const name of variables) t.ok(reference('configuration').includes(`\`${name}\``), name)
})

t.test('links lead somewhere', async (t) => t.strictSame(documents.flatMap(brokenLinks), []))

t.test('names in the documents exist', async (t) => {
  const scriptsOf = (folder: string): string[] =>
    Object.keys(JSON.parse(readText(join(folder, 'package.json'))).scripts ?? {})
  const isVariable = (name: string) => reference('configuration').includes(`\`${name}\``)
  for (const document of documents) {
    const codes = inlineCode(document)
    const isGenerated = document.path.startsWith('docs/reference/')
    const exists = (path: string) =>
      [root, join(root, dirname(document.path))].some((folder) => existsSync(join(folder, path)))
    const absent = (pattern: RegExp, isKnown: (code: string) => boolean) =>
      codes.filter((code) => pattern.test(code) && !isKnown(code))
    t.strictSame(
      [
        ...absent(/^(packages|configs|docs|scripts|test|\.ci)\/[\w./-]+$/, exists),
        ...absent(/^[A-Z]+(_[A-Z]+)+$/, (name) => name in ERROR_CATALOG || isVariable(name) || isGenerated),
        ...absent(/^witan_\w+$/, (name) => reference('metrics').includes(`\`${name}\``)),
      ],
      [],
      document.path,
    )
    for (const line of [...codes, ...shellLines(document)]) {
      const [, folder = '.', script] =
        /^npm (?:--prefix (\S+) )?(?:run (?:-s )?)?(start|test|(?<=run (?:-s )?)[\w-]+)\b/.exec(line) ?? []
      if (script !== undefined) t.ok(scriptsOf(folder).includes(script), `${document.path}: ${line}`)
    }
  }
})

t.test('every command line can be typed', async (t) => {
  for (const document of documents) {
    const complete = shellLines(document).flatMap((line) => checkCommandLine(commandLineOf(line), 'complete'))
    const mentioned = inlineCode(document).flatMap((line) => checkCommandLine(commandLineOf(line), 'mentioned'))
    t.strictSame([...complete, ...mentioned], [], document.path)
  }
})

t.test('the examples in configs load and explain every option', async (t) => {
  const schemas: Record<string, z.ZodType> = {
    'miner.yaml': minerConfigSchema,
    'validator.yaml': validatorConfigSchema,
  }
  const examples = readdirSync(join(root, 'configs')).filter((name) => name.endsWith('.yaml'))
  t.strictSame(examples.sort(), Object.keys(schemas).sort(), 'every example has a schema')
  for (const [name, schema] of Object.entries(schemas)) {
    const { values, origins } = loadConfiguration({ schema, file: join(root, 'configs', name) })
    const at = (path: string) =>
      path.split('.').reduce<unknown>((on, key) => (on as Record<string, unknown>)[key], values)
    for (const { path, schema: option } of listSettings(schema, '')) {
      t.match(origins[path], /^file /, `${name} shows ${path}`)
      const standard = z.safeParse(option, undefined)
      if (standard.success) t.strictSame(at(path), standard.data, `${name} shows the default of ${path}`)
    }
  }
})
