import { isWitanError } from '@witan/protocol'

/** Undefined instead of the error of a dissolved subnet whose last epoch is over. */
export async function unlessClosed<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (isWitanError(error) && error.facts.error === 'Dissolved') return undefined
    throw error
  }
}
