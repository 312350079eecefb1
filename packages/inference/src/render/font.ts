import { createRequire } from 'node:module'
import { importCanvas } from '../canvas.js'

const FACES = {
  normal: 'dejavu-sans-latin-400-normal.woff2',
  italic: 'dejavu-sans-latin-400-italic.woff2',
  bold: 'dejavu-sans-latin-700-normal.woff2',
} as const

export type Face = keyof typeof FACES

/**
 * Name of a face, registered once a process from the package that carries it. Each face has a family of its own: the
 * canvas then never falls back to a font of the system.
 */
export async function fontFamily(face: Face): Promise<string> {
  const { GlobalFonts } = await importCanvas()
  const family = `Witan ${face}`
  if (GlobalFonts.has(family)) return family
  const path = createRequire(import.meta.url).resolve(`@fontsource/dejavu-sans/files/${FACES[face]}`)
  if (GlobalFonts.registerFromPath(path, family) === null) throw new Error(`cannot register the font ${path}`)
  return family
}
