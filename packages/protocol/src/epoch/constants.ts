/** 1 in the unit of stored weights, stored bonds, kappa and the bonds penalty. */
export const U16_ONE = 65_535

/** 1 in the unit of normalised weights, consensus and trust: leaves a guard bit beside a value in a 32-bit lane. */
export const WEIGHT_ONE = 1n << 30n

/** 1 in the unit of incentive, dividends and pay shares. */
export const SHARE_ONE = 1n << 32n

/** 1 in the unit of `bondsAlphaPpm`. */
export const PPM_ONE = 1_000_000

/** Quantised stakes sum to at most this, so a sum of stakes fits a 32-bit lane with its guard bit. */
export const MAX_QUANTISED_STAKE = 2 ** 31 - 1

/** Uids of a subnet at most: bitmaps of uids are one word. */
export const MAX_UIDS = 256

/** uint16 cells in a 256-bit word. */
export const CELLS_PER_WORD = 16
