// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice round(65535 / (1 + e^(-k/16))) for k = 0 … 192, two bytes each: data that both languages share.
/// @dev docs/design/0001-epoch-arithmetic.md, rule 6. Beyond k = 192 the value is 65535 to within 1e-5.
library SigmoidTable {
    uint256 internal constant LAST = 192;
    bytes internal constant VALUES = hex"800083ff87fd8bf68fea93d697b89b8f9f59a314a6bfaa58addeb150b4aeb7f5"
        hex"bb26be40c141c42bc6fcc9b5cc55ceddd14cd3a3d5e1d809da19dc12ddf5dfc3"
        hex"e17be31fe4afe62ce796e8efea36eb6dec94edabeeb4efaff09df17ef253f31d"
        hex"f3dbf48ff539f5d9f671f700f787f806f87ef8eff95af9befa1dfa76facbfb1a"
        hex"fb64fbaafbedfc2bfc65fc9cfcd0fd01fd2ffd5afd83fda9fdcdfdeffe0efe2c"
        hex"fe48fe63fe7cfe93fea9febefed1fee3fef4ff04ff13ff22ff2fff3cff47ff53"
        hex"ff5dff67ff70ff79ff81ff88ff90ff96ff9dffa3ffa8ffadffb2ffb7ffbbffbf"
        hex"ffc3ffc7ffcaffcdffd0ffd3ffd6ffd8ffdbffddffdfffe1ffe3ffe4ffe6ffe8"
        hex"ffe9ffeaffecffedffeeffeffff0fff1fff2fff2fff3fff4fff5fff5fff6fff6"
        hex"fff7fff7fff8fff8fff9fff9fff9fffafffafffafffbfffbfffbfffbfffcfffc"
        hex"fffcfffcfffcfffdfffdfffdfffdfffdfffdfffdfffdfffefffefffefffefffe"
        hex"fffefffefffefffefffefffefffefffefffefffefffefffefffeffffffffffff" hex"ffff";
}
