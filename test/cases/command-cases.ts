// Cases of copybooks and data sets: what the command prints for the files of golden/. `./` stands for the folder of the case.

/** One run of the command, and what comes of it. */
export interface CommandRun {
  readonly command: string
  /** Of `layout`: its records and items as `NAME offset/length`, with `every N` where occurrences of a table lie N bytes apart. */
  readonly layout?: string
  /** The lines of standard output. */
  readonly lines?: readonly string[]
  /** Text among what is printed. */
  readonly says?: string
  /** The code that it ends with. */
  readonly refused?: string
  /** Of `decode`: the file that `encode` makes of the lines, with the same options. */
  readonly encodes?: string
}

export interface CommandCase {
  readonly runs: readonly CommandRun[]
  /** Tests of the parts of a case that no command shows, as `file › words of its name`. */
  readonly alsoIn?: readonly string[]
  /** Where the result differs from what the case asks for: why, in the words of a manual. */
  readonly otherwise?: string
}

const layout = (command: string, text: string): CommandRun => ({ command: `layout ${command} --json`, layout: text })
const note = (command: string, text: string): CommandRun => ({ command: `layout ${command}`, says: text })
const decode = (command: string, ...lines: readonly string[]): CommandRun => ({ command: `decode ${command}`, lines })

const shortView = '--copybook ./a.cpy --format V --record-options ./views.json'

/** By the folder of the case. */
export const commandCases: Readonly<Record<string, CommandCase>> = {
  '17-dataset-length-by-record-type': {
    runs: [
      {
        ...decode(
          "--copybook ./types.cpy --select REC1=0:'01ABC1' --select REC2=0:'01ABC2' --select REC3=0:'01ABC3' ./types.bin",
          '{"$record":"REC1","id1":"01ABC1","a":"AAAA"}',
          '{"$record":"REC2","id2":"01ABC2","n":"2","e":["xxx","yyy"]}',
          '{"$record":"REC3","id3":"01ABC3","c":"z"}',
          '{"$record":"REC2","id2":"01ABC2","n":"0","e":[]}',
        ),
        encodes: './types.bin',
      },
    ],
  },
  '19-dataset-short-v-record': {
    runs: [
      {
        ...decode(
          '--format V --copybook ./r.cpy ./r.bin',
          '{"n":"4","v":"1","$residue":"=2"}',
          '{"n":"5","v":"12","$residue":"=3"}',
        ),
        encodes: './r.bin',
      },
      {
        ...decode(
          '--format V --copybook ./sections.cpy --record-options ./absent.json ./sections.bin',
          '{"base":{"codeX":"N","amt":"123"},"$residue":"=3"}',
          '{"base":{"codeX":"Y","amt":"124"},"ext":{"n":"1","itm":["AB"]}}',
        ),
        encodes: './sections.bin',
      },
    ],
  },
  '20-codec-counter-code-per-table': {
    runs: [
      {
        ...decode(
          '--format V --copybook ./r.cpy --record-options ./by-table.json ./r.bin',
          '{"fieldType":"A","recA":[{"a":"AA"}],"recB":[]}',
          '{"fieldType":"B","recA":[],"recB":[{"b":"123"}]}',
        ),
        encodes: './r.bin',
      },
    ],
  },
  '21-layout-length-of-slack-table': {
    runs: [
      layout(
        './slack.cpy',
        'PAY-SHEET 0/161, SHEET-KIND 0/1, PAY-LINE 1/14 every 16, LINE-KIND 1/1, LINE-PAY 4/4, LINE-HOURS 8/2, LINE-TEXT 10/5',
      ),
      note('./slack.cpy', '10, every 16 bytes'),
    ],
  },
  'copybook-comp6-signed': {
    runs: [
      layout('--dialect gnucobol ./a.cpy', 'REC 0/4, N 0/3, B 3/1'),
      note('--dialect gnucobol ./a.cpy', 'COMP-6 with a sign is stored as COMP-3'),
      layout('--dialect microfocus ./a.cpy', 'REC 0/4, N 0/3, B 3/1'),
      note('--dialect microfocus ./a.cpy', 'COMP-6 with a sign is stored as COMP-3'),
      { command: 'layout ./a.cpy', refused: 'USAGE_PICTURE_CONFLICT' },
    ],
  },
  'copybook-constant-from': { runs: [layout('./a.cpy', 'REC 0/40, A 0/8')] },
  'copybook-copy-finds-itself': {
    runs: [layout('./src/INQ.cbl --copy-path ./src --copy-path ./cpy', 'DFHCOMMAREA 0/8, ACCT-NO 0/8')],
  },
  'copybook-counter-outside-record': {
    runs: [
      layout('--record REPLY-AREA ./a.cpy', 'REPLY-AREA 0/8, ACCT-NO 0/8'),
      layout('./b.cpy', 'ROW-CNT 0/2, STATEMENT 0/258, ACCT-NO 0/8, ROWS 8/5, AMOUNT 8/5'),
      note('./b.cpy', 'ROW-CNT counts the occurrences from outside of the record'),
    ],
  },
  'copybook-directive-in-comment': {
    runs: [layout('./a.cpy', 'REC 0/4, A 0/4'), layout('./b.cpy', 'REC 0/8, A 0/4, B 4/4')],
  },
  'copybook-ebcdic-copybook': {
    runs: [
      layout(
        './a.cpy',
        'PARTY-REC 0/11, KIND 0/1, FIRM 1/10, FIRM-NAME 1/6, FIRM-TAX 7/4, PERSON 1/5, PERSON-PHONE 1/5',
      ),
      note('./a.cpy', 'the text is EBCDIC, fetched in binary'),
    ],
  },
  'copybook-exec-sql-include': {
    runs: [
      layout('./main.cpy', 'REC 0/11, A 0/4, P 4/3, B 7/4'),
      layout('./only.cpy', 'DFHCOMMAREA 0/3, P 0/3'),
      decode('--copybook ./main.cpy ./in.f', '{"a":"ABCD","p":"xyz","b":"42"}'),
      decode('--copybook ./silent.cpy ./silent.f', '{"a":"ABCD","p":"xyz","b":"BBBB","c":"CCCC"}'),
      decode('--copybook ./silent.cpy --format V ./silent.v', '{"a":"ABCD","p":"xyz","b":"BBBB","c":"CCCC"}'),
      { command: 'layout ./missing/main.cpy', refused: 'COPY_MEMBER_NOT_FOUND' },
    ],
  },
  'copybook-level-77-filler': { runs: [layout('./a.cpy', 'FILLER 0/1, FILLER 0/2, REC 0/4, A 0/4')] },
  'copybook-literal-floating-continuation': { runs: [layout('./a.cpy', 'REC 0/12, A 0/8, B 8/4')] },
  'copybook-microfocus-sync': {
    runs: [
      layout('--dialect microfocus ./a.cpy', 'REC 0/8, A 0/1, N 1/2, B 3/1, L 4/4'),
      layout('--dialect gnucobol-ibm ./a.cpy', 'REC 0/12, A 0/1, N 2/2, B 4/1, L 8/4'),
    ],
  },
  'copybook-name-underscore-last': { runs: [layout('./a.cpy', 'DCLPLAN 0/9, PLAN_NAME 0/8, STATUS_ 8/1')] },
  'copybook-native-phrase': { runs: [layout('./a.cpy', 'REC 0/9, N 0/2, P 2/4, X 6/3')] },
  'copybook-one-mistake-refuses-all': {
    runs: [
      layout('--record OTHER ./a.cpy', 'OTHER 0/4, A 0/4'),
      note('--record OTHER ./a.cpy', 'MORE left out: member NOTHERE is not found'),
      { command: 'schema --record OTHER ./a.cpy', says: '"title": "OTHER"' },
      { command: 'layout ./a.cpy', refused: 'COPY_MEMBER_NOT_FOUND' },
    ],
  },
  'copybook-predefined-variable': {
    runs: [
      { command: 'layout ./a.cpy', refused: 'DIRECTIVE_VARIABLE_UNKNOWN' },
      layout("--define IGY-CICS=B'1' ./a.cpy", 'REC 0/8, A 0/4, B 4/4'),
      layout("--define IGY-CICS=B'0' ./a.cpy", 'REC 0/4, A 0/4'),
      layout('./procedure.cbl', 'REC 0/4, A 0/4'),
    ],
  },
  'copybook-process-statement': {
    runs: [
      layout('./define.cbl', 'REC 0/6, A 0/4, COUNTRY 4/2'),
      decode('--copybook ./nsymbol.cbl --code-page cp930 ./in.f', '{"n":"日本"}'),
    ],
  },
  'copybook-program-id-first': { runs: [layout('./a.cbl', 'REC 0/4, A 0/4')] },
  'copybook-short-view': {
    runs: [
      {
        ...decode(
          `${shortView} ./in.v`,
          '{"kind":"F","firm":{"firmName":"ACME","firmTax":"1234"}}',
          '{"kind":"P","person":{"personPhone":"55512"},"$residue":"=6"}',
        ),
        encodes: './in.v',
      },
      {
        ...decode('--copybook ./filler.cpy --format V ./filler.v', '{"a":"ABCDEFGHIJ","$residue":"=10"}'),
        encodes: './filler.v',
      },
    ],
    alsoIn: ['wire/refusal.test.ts › is a refusal with the view that its status chooses'],
    otherwise:
      'The record that ends early carries "$residue":"=6", its length: one of 11 bytes may have the same values. "The first 2 bytes ' +
      'contain the length (LL) of the logical record (including the 4 byte RDW)" (z/OS DFSMS Using Data Sets, SC23-6855, Record ' +
      'Descriptor Word): without it encode could not give 000A again.',
  },
  'copybook-special-names-copied': {
    runs: [decode('--copybook ./PROG.cbl ./in.f', '{"amount":"123456.78","rate":"1.25"}')],
  },
}
