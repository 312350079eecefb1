export const SIGMOID_TABLE_HEX =
  '800083ff87fd8bf68fea93d697b89b8f9f59a314a6bfaa58addeb150b4aeb7f5bb26be40c141c42bc6fcc9b5cc55ceddd14cd3a3d5e1d809da19dc12ddf5dfc3e17be31fe4afe62ce796e8efea36eb6dec94edabeeb4efaff09df17ef253f31df3dbf48ff539f5d9f671f700f787f806f87ef8eff95af9befa1dfa76facbfb1afb64fbaafbedfc2bfc65fc9cfcd0fd01fd2ffd5afd83fda9fdcdfdeffe0efe2cfe48fe63fe7cfe93fea9febefed1fee3fef4ff04ff13ff22ff2fff3cff47ff53ff5dff67ff70ff79ff81ff88ff90ff96ff9dffa3ffa8ffadffb2ffb7ffbbffbfffc3ffc7ffcaffcdffd0ffd3ffd6ffd8ffdbffddffdfffe1ffe3ffe4ffe6ffe8ffe9ffeaffecffedffeeffeffff0fff1fff2fff2fff3fff4fff5fff5fff6fff6fff7fff7fff8fff8fff9fff9fff9fffafffafffafffbfffbfffbfffbfffcfffcfffcfffcfffcfffdfffdfffdfffdfffdfffdfffdfffdfffefffefffefffefffefffefffefffefffefffefffefffefffefffefffefffefffefffeffffffffffffffff'

/** Rule 6: t_k = round(65535 / (1 + e^(−k/16))) for k = 0 … 192, the upper half of the sigmoid up to 12. */
export const SIGMOID_TABLE = Uint16Array.from({ length: SIGMOID_TABLE_HEX.length / 4 }, (_, entry) =>
  Number.parseInt(SIGMOID_TABLE_HEX.slice(4 * entry, 4 * entry + 4), 16),
)
