import { createSigner, type Signer } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'

/** The same key for the same name in every run. */
export function keyOf(name: string): Signer {
  return createSigner(createSeededRandom(`test key of ${name}`).bytes(32))
}
