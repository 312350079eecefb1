import type { CatalogEntry } from '../catalog-entry.js'

export const PROTOCOL_ERRORS = {
  MESSAGE_MALFORMED: {
    exit: 65,
    title: 'Bytes from outside are not a valid message of the protocol.',
    cure: 'Check that both ends run the same network and a compatible version.',
  },
  EPOCH_INPUT_INVALID: {
    exit: 65,
    title: 'The inputs of an epoch do not fit together or leave their ranges.',
    cure: 'Correct the named field; units and ranges stand at EpochInput of @witan/protocol.',
  },
  CASE_INVALID: {
    exit: 65,
    title: 'A simulation case does not have the expected form.',
    cure: 'Correct the named path; packages/protocol/test/vectors/yuma.json holds valid cases.',
  },
  CASE_LIQUID_ALPHA_UNSUPPORTED: {
    exit: 65,
    title: 'A simulation case asks for liquid alpha, which this version does not compute.',
    cure: 'Set params.liquid_alpha to false.',
  },
} as const satisfies Record<string, CatalogEntry>
