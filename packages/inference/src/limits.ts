/**
 * Bounds on what an image task takes from outside. All are checked on the header, before a pixel is decoded.
 */

/** A rendered line of text is under 20 KiB, a photographed one under 300 KiB. */
export const MAX_IMAGE_BYTES = 1024 * 1024

/** 16 MB of RGBA; a full-screen capture fits, a decompression bomb does not. */
export const MAX_IMAGE_PIXELS = 4_000_000

/** PNG allows 2³¹ − 1 a side; past this a row alone is a bomb. */
export const MAX_IMAGE_SIDE = 16_384

/** A progressive JPEG of a camera has about ten scans; each further one costs a pass over every pixel. */
export const MAX_JPEG_SCANS = 32

/** Tall images carry no line of text; below this ratio the resized image would be thinner than a letter. */
export const MIN_ASPECT_RATIO = 1 / 16

/** Largest model file read into memory; larger weights belong to engines that map files. */
export const MAX_MODEL_FILE_BYTES = 1024 * 1024 * 1024

/** A manifest is a page of JSON. */
export const MAX_MANIFEST_BYTES = 64 * 1024

/** A recognition takes 0.2 s at the greatest width; a process silent for this long is stuck. */
export const TASK_RUN_TIMEOUT_MS = 30_000
