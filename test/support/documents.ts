import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A page of the repository as a reader has it. */
export interface Document {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
}

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Every Markdown page of the repository. */
export function readDocuments(): Document[] {
  const below = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'README.md'))
  return [...readdirSync(root), ...below('docs'), ...below('configs'), ...packages]
    .filter((path) => path.endsWith('.md') && existsSync(join(root, path)))
    .map((path) => ({ path, text: readText(path) }))
}

/** TypeScript sources of the packages, generated ones and the error catalogue left out. */
export function readSources(): Document[] {
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const folder = join(root, 'packages', name, 'src')
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/^generated\/|errors\/catalog/.test(file))
      .map((file) => ({
        path: relative(root, join(folder, file)),
        text: readFileSync(join(folder, file), 'utf8'),
      }))
  })
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm

/** Lines of the shell blocks without comments, continued ones joined. */
export function shellLines({ text }: Document): string[] {
  return [...text.matchAll(FENCE)]
    .filter(([, language]) => language === 'sh')
    .flatMap(([, , body = '']) => body.replaceAll(/\\\n\s*/g, ' ').split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '')
}

/** Texts between single backquotes. */
export function inlineCode({ text }: Document): string[] {
  return [...text.replaceAll(FENCE, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
}

/** Links to places of this repository that do not exist, as `page: link`. */
export function brokenLinks(document: Document): string[] {
  const links = [...document.text.replaceAll(FENCE, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? document.path : join(dirname(document.path), path)
      if (!existsSync(join(root, target))) return true
      return anchor !== undefined && !anchorsOf(readText(target)).has(anchor)
    })
    .map((link) => `${document.path}: ${link}`)
}

function anchorsOf(text: string): Set<string> {
  const headings = [...text.replaceAll(FENCE, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  )
}
