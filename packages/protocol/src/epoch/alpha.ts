import { ALPHA_ONE, PPM_ONE, U16_ONE } from './constants.js'
import { SIGMOID_TABLE } from './sigmoid-table.js'
import type { EpochInput, LiquidAlpha } from './types.js'

/** A of one cell from Wb and C (of 2^30) and the stored bond (of 65535); multiples of 2^-20. */
export type AlphaRule = (weight: number, consensus: number, bond: number) => number

const WEIGHT_UNITS = 2 ** 30
/** Steepness in hundredths times a distance in units of 2^-31, over this, gives the argument in units of 2^-16. */
const ARGUMENT_DIVISOR = 100 * 2 ** 15
/** Units of 2^-16 between two entries of the table, which are 1/16 apart. */
const TABLE_STEP = 4_096
const LAST_ENTRY = SIGMOID_TABLE.length - 1

/** Rule 6: liquid where the subnet wants it and some consensus is not 0, else the same alpha for every cell. */
export function alphaRule(input: EpochInput, consensus: Int32Array): AlphaRule {
  const { liquidAlpha } = input
  if (liquidAlpha !== undefined && consensus.some((score) => score !== 0)) return liquid(liquidAlpha)
  const fixed = Math.floor((input.bondsAlphaPpm * ALPHA_ONE + PPM_ONE / 2) / PPM_ONE)
  return () => fixed
}

function liquid({ low, high, steepness }: LiquidAlpha): AlphaRule {
  const lowest = alphaOf(low)
  const span = alphaOf(high) - lowest
  return (weight, consensus, bond) => {
    const sigmoid = sigmoidDown(distance(weight, consensus, bond), steepness)
    return lowest + Math.floor((sigmoid * span) / U16_ONE)
  }
}

/** L and H: multiples of 1/65535 as multiples of 2^-20, rounded to the nearest. */
function alphaOf(fraction: number): number {
  return Math.floor((fraction * ALPHA_ONE + (U16_ONE - 1) / 2) / U16_ONE)
}

/** d: how far the vote lies above consensus when it would raise the bond, how far below the bond otherwise. */
function distance(weight: number, consensus: number, bond: number): number {
  const held = Math.floor((bond * WEIGHT_UNITS) / U16_ONE)
  return weight >= held ? Math.max(weight - consensus, 0) : held - weight
}

/** σ(steepness / 100 · (d − ½)) of 65535, from the table by linear interpolation. `distance` is of 2^30. */
export function sigmoidDown(distance: number, steepness: number): number {
  const offset = 2 * distance - WEIGHT_UNITS
  const argument = Math.floor((steepness * Math.abs(offset)) / ARGUMENT_DIVISOR)
  const entry = Math.floor(argument / TABLE_STEP)
  const upper = entry >= LAST_ENTRY ? U16_ONE : interpolateDown(entry, argument - entry * TABLE_STEP)
  return offset >= 0 ? upper : U16_ONE - upper
}

function interpolateDown(entry: number, part: number): number {
  return Math.floor((SIGMOID_TABLE[entry]! * (TABLE_STEP - part) + SIGMOID_TABLE[entry + 1]! * part) / TABLE_STEP)
}
