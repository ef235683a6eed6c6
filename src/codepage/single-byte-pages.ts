// The single-byte EBCDIC pages: CCSID 037 as a grid of code points, every other page as its differences from a near relative.
// Written by generate.mjs from ICU's tables (IBM CDRA); read by single-byte.ts.
//
//   '500': '037 4A[ 4F! 5A] …'   500 is 037 with [ at X'4A', ! at X'4F', ] at X'5A' …
//   70=00B8   the code point in hexadecimal, where the character itself cannot be seen or would confuse the eye
//   70=       no character at this byte
//   >70b      the byte decodes to this character, which another byte encodes

/** CCSID 037: row = high half of the byte, column = low half. */
export const grid037 = `
00 01 02 03 9C 09 86 7F 97 8D 8E 0B 0C 0D 0E 0F
10 11 12 13 9D 85 08 87 18 19 92 8F 1C 1D 1E 1F
80 81 82 83 84 0A 17 1B 88 89 8A 8B 8C 05 06 07
90 91 16 93 94 95 96 04 98 99 9A 9B 14 15 9E 1A
20 A0 E2 E4 E0 E1 E3 E5 E7 F1 A2 2E 3C 28 2B 7C
26 E9 EA EB E8 ED EE EF EC DF 21 24 2A 29 3B AC
2D 2F C2 C4 C0 C1 C3 C5 C7 D1 A6 2C 25 5F 3E 3F
F8 C9 CA CB C8 CD CE CF CC 60 3A 23 40 27 3D 22
D8 61 62 63 64 65 66 67 68 69 AB BB F0 FD FE B1
B0 6A 6B 6C 6D 6E 6F 70 71 72 AA BA E6 B8 C6 A4
B5 7E 73 74 75 76 77 78 79 7A A1 BF D0 DD DE AE
5E A3 A5 B7 A9 A7 B6 BC BD BE 5B 5D AF A8 B4 D7
7B 41 42 43 44 45 46 47 48 49 AD F4 F6 F2 F3 F5
7D 4A 4B 4C 4D 4E 4F 50 51 52 B9 FB FC F9 FA FF
5C F7 53 54 55 56 57 58 59 5A B2 D4 D6 D2 D3 D5
30 31 32 33 34 35 36 37 38 39 B3 DB DC D9 DA 9F`

/** Page → the page it starts from and what differs. */
export const differences: Readonly<Record<string, string>> = {
  '500': '037 4A[ 4F! 5A] 5F^ B0¢ BA¬ BB|',
  '1047': '037 5F^ AD[ B0¬ BAÝ BB¨ BD]',
  '1140': '037 9F€',
}
