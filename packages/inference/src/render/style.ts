import type { Face } from './font.js'
import type { Chance } from './generate-sentence.js'

export interface Style {
  readonly face: Face
  /** Pixels. */
  readonly size: number
  readonly paddingX: number
  /** Room above and below: the smaller the letters at the height of the model, the less a pruned model reads. */
  readonly paddingY: number
  /** CSS colours. */
  readonly ink: string
  readonly paper: string
}

const FACES: readonly Face[] = ['normal', 'normal', 'bold', 'italic']

/** A look that people can read: dark ink on light paper, one time in four the other way round. */
export function chooseStyle(chance: Chance): Style {
  const dark = colour(chance, 0, 70)
  const light = colour(chance, 200, 55)
  const inverted = chance.below(4) === 0
  return {
    face: FACES[chance.below(FACES.length)]!,
    size: 28 + chance.below(13),
    paddingX: 8 + chance.below(17),
    paddingY: 10 + chance.below(5),
    ink: inverted ? light : dark,
    paper: inverted ? dark : light,
  }
}

function colour(chance: Chance, least: number, span: number): string {
  const channel = () => least + chance.below(span + 1)
  return `rgb(${channel()}, ${channel()}, ${channel()})`
}
