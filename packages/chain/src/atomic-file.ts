import { link, mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export interface AtomicWriteOptions {
  readonly mode: number
  /** False: an existing file makes the write fail with EEXIST. */
  readonly overwrite: boolean
}

/** Writes a whole file or nothing: a reader, or a crash at any point, never sees a part of it. */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  { mode, overwrite }: AtomicWriteOptions,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.new`)
  try {
    const file = await open(temporary, 'w', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    // A hard link fails where the name exists; a rename would replace it.
    if (overwrite) await rename(temporary, path)
    else await link(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}
