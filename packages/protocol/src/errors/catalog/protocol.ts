import type { CatalogEntry } from '../catalog-entry.js'

export const PROTOCOL_ERRORS = {
  MESSAGE_MALFORMED: {
    exit: 65,
    title: 'Bytes from outside are not a valid message of the protocol.',
    cure: 'Check that both ends run the same network and a compatible version.',
  },
  MESSAGE_TOO_LARGE: {
    exit: 65,
    title: 'A message, or a field of it, is larger than its protocol allows.',
    cure: 'Send less at once; the bounds stand in packages/protocol/src/limits.ts, beside each protocol id.',
  },
  HEX_INVALID: {
    exit: 65,
    title: 'A value is not lower-case hex with 0x in front, or has another length than expected.',
    cure: 'Write 0x and two lower-case hex digits a byte.',
  },
  ADDRESS_INVALID: {
    exit: 65,
    title: 'A value is not an address.',
    cure: 'Write 0x and 40 hex digits.',
  },
  JSON_NOT_CANONICAL: {
    exit: 65,
    title: 'A value has no canonical JSON: a number that is not finite, half a surrogate pair, or too much nesting.',
    cure: 'Use finite numbers, well-formed text and at most 64 levels.',
  },
  POLICY_INVALID: {
    exit: 65,
    title: 'A policy document does not have the expected form, or leaves its bounds.',
    cure: 'Correct the named field; its bounds stand in packages/protocol/src/policy/policy.ts.',
  },
  PRIVATE_KEY_INVALID: {
    exit: 65,
    title: 'Bytes are not a secp256k1 private key.',
    cure: 'Use 32 bytes between 1 and the order of the group minus 1, for example from witan key new.',
  },
  PUBLIC_KEY_INVALID: {
    exit: 65,
    title: 'Bytes are not a secp256k1 public key.',
    cure: 'Use a point of the curve in 33 (compressed) or 65 bytes.',
  },
  SIGNATURE_INVALID: {
    exit: 65,
    title: 'Bytes are not a signature: 65 bytes r, s, v with low s and v 27 or 28, from which a key follows.',
    cure: 'Sign again with a signer that normalises s and appends v.',
  },
  VOUCHER_INVALID: {
    exit: 65,
    title: 'A voucher is not signed by the consumer of its channel, or is worth too little or more than the deposit.',
    cure: 'Sign a voucher for all that is owed so far with the key that opened the channel; top the channel up before.',
  },
  RECEIPT_PROOF_INVALID: {
    exit: 65,
    title: 'A receipt is not in the batch that its miner signed.',
    cure: 'Do not trust the answer; ask another miner and keep the reply as evidence.',
  },
  RECEIPT_SIGNATURE_INVALID: {
    exit: 65,
    title: 'The signature of a receipt batch is not valid.',
    cure: 'Do not trust the answer; check that both ends use the same chain and contracts.',
  },
  RECEIPT_SIGNER_MISMATCH: {
    exit: 65,
    title: 'A receipt is signed by another key than that of the miner asked.',
    cure: 'Do not use the answer; ask another miner.',
  },
  RECEIPT_MISMATCH: {
    exit: 65,
    title: 'A receipt speaks of another request, version, policy or output than the one at hand.',
    cure: 'Do not trust the answer; a receipt for another version than asked is provable misbehaviour.',
  },
  RECORD_EXPIRED: {
    exit: 65,
    title: 'An address record is past its expiry.',
    cure: 'Fetch a newer record; the node itself announces again before the old one expires.',
  },
  RECORD_SIGNER_MISMATCH: {
    exit: 65,
    title: 'An address record is not signed by the operator it is given for.',
    cure: 'Discard it and ask another bootstrap peer.',
  },
  RECORD_DIGEST_MISMATCH: {
    exit: 65,
    title: 'An address record is not the one whose digest the operator announced on chain.',
    cure: 'Fetch the current record; the node may have announced a newer one.',
  },
  PARAMETER_INVALID: {
    exit: 65,
    title: 'A subnet parameter is outside its bounds.',
    cure: 'Choose a value within the bounds named.',
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
  WEIGHT_ROW_REFUSED: {
    exit: 65,
    title:
      'A weight row breaks a limit of its subnet: too few weights, one too large a part of their sum, or an outdated version.',
    cure: 'Correct the row; `witan subnet show` prints minWeights, maxWeightRatio and weightsVersion.',
  },
} as const satisfies Record<string, CatalogEntry>
