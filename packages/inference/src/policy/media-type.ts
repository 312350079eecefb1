import type { ModelManifest } from '../model/manifest.js'

const SIGNATURES: Readonly<Record<string, readonly number[]>> = {
  'image/png': [0x89, 0x50, 0x4e, 0x47],
  'image/jpeg': [0xff, 0xd8, 0xff],
}
const BYTES = 'application/octet-stream'

/** What each task answers with. */
const OUTPUTS: Readonly<Record<string, string>> = { 'text-recognition': 'text/plain', digits: 'application/json' }

/** The media type of an input: the one that its first bytes tell, or else the one that the model takes without such. */
export function inputMediaType({ inputs }: ModelManifest, input: Uint8Array): string {
  const media = typeof inputs === 'object' && inputs !== null && 'media' in inputs ? inputs.media : undefined
  const taken = Array.isArray(media) ? media.filter((type) => typeof type === 'string') : []
  const told = Object.keys(SIGNATURES).find((type) => {
    return SIGNATURES[type]!.every((byte, index) => input[index] === byte)
  })
  if (told !== undefined && taken.includes(told)) return told
  return taken.find((type) => SIGNATURES[type] === undefined) ?? told ?? BYTES
}

export function outputMediaType({ task }: ModelManifest): string {
  return OUTPUTS[task] ?? BYTES
}
