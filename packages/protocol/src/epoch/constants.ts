/** 1 in the unit of stored weights, stored bonds, kappa, the bonds penalty and the bounds of liquid alpha. */
export const U16_ONE = 65_535

/** 1 in the unit of normalised weights, consensus and trust: leaves a guard bit beside a value in a 32-bit lane. */
export const WEIGHT_ONE = 1n << 30n

/** 1 in the unit of incentive, dividends and pay shares: a sum of shares fits a 32-bit lane. */
export const SHARE_ONE = 1n << 31n

/** 1 in the unit of `bondsAlphaPpm`. */
export const PPM_ONE = 1_000_000

/** 1 in the unit in which the alpha of a cell is applied. */
export const ALPHA_ONE = 2 ** 20

/** Quantised stakes sum to at most this, so a sum of stakes fits a 32-bit lane with its guard bit. */
export const MAX_QUANTISED_STAKE = 2 ** 31 - 1

/** Uids of an epoch at most. Its sums are exact in doubles up to here. */
export const MAX_UIDS = 1_024

/** `maxUids` of a subnet at most: a snapshot looks for the stake of every slot among changes that came after it. */
export const MAX_SUBNET_UIDS = 512

/** `maxUids` · `maxValidators` of a subnet at most: one epoch is always one transaction. */
export const MAX_CELLS = 24_576

/** The same with `liquidAlpha`, which weighs the bond of each cell by itself. */
export const MAX_LIQUID_CELLS = MAX_CELLS / 4

/** Bits of a word. */
export const WORD_BITS = 256
