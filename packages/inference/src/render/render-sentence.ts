import { importCanvas } from '../canvas.js'
import { fontFamily } from './font.js'
import type { Chance } from './generate-sentence.js'
import { chooseStyle } from './style.js'

/** One line of text as PNG bytes; the look comes from `chance`. The same chance gives the same bytes on one machine. */
export async function renderSentence(text: string, chance: Chance): Promise<Uint8Array> {
  const { face, size, paddingX, paddingY, ink, paper } = chooseStyle(chance)
  const { createCanvas } = await importCanvas()
  const font = `${size}px "${await fontFamily(face)}"`

  const measure = createCanvas(1, 1).getContext('2d')
  measure.font = font
  const { width, fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = measure.measureText(text)

  const canvas = createCanvas(Math.ceil(width) + 2 * paddingX, Math.ceil(ascent + descent) + 2 * paddingY)
  const context = canvas.getContext('2d')
  context.fillStyle = paper
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.font = font
  context.fillStyle = ink
  context.textBaseline = 'alphabetic'
  context.fillText(text, paddingX, paddingY + Math.ceil(ascent))
  return canvas.encode('png')
}
