// Members that come with the mainframe and not with a bank's sources: those of Db2 whose text is known, and the names of others.

import type { Source } from '../options.ts'

/** Db2 for z/OS, SQL Reference: the SQLCA, as INCLUDE gives it to COBOL programs. */
const SQLCA = `       01 SQLCA.
           05 SQLCAID     PIC X(8).
           05 SQLCABC     PIC S9(9) COMP-5.
           05 SQLCODE     PIC S9(9) COMP-5.
           05 SQLERRM.
              49 SQLERRML PIC S9(4) COMP-5.
              49 SQLERRMC PIC X(70).
           05 SQLERRP     PIC X(8).
           05 SQLERRD     OCCURS 6 TIMES PIC S9(9) COMP-5.
           05 SQLWARN.
              10 SQLWARN0 PIC X.
              10 SQLWARN1 PIC X.
              10 SQLWARN2 PIC X.
              10 SQLWARN3 PIC X.
              10 SQLWARN4 PIC X.
              10 SQLWARN5 PIC X.
              10 SQLWARN6 PIC X.
              10 SQLWARN7 PIC X.
           05 SQLEXT.
              10 SQLWARN8 PIC X.
              10 SQLWARN9 PIC X.
              10 SQLWARNA PIC X.
              10 SQLSTATE PIC X(5).
`

/** Db2 for z/OS, SQL Reference: the SQLDA, for which COBOL programs set SQLN. */
const SQLDA = `       01 SQLDA.
           05 SQLDAID     PIC X(8).
           05 SQLDABC     PIC S9(9) COMP.
           05 SQLN        PIC S9(4) COMP.
           05 SQLD        PIC S9(4) COMP.
           05 SQLVAR      OCCURS 0 TO 750 TIMES DEPENDING ON SQLN.
              10 SQLTYPE  PIC S9(4) COMP.
              10 SQLLEN   PIC S9(4) COMP.
              10 SQLDATA  POINTER.
              10 SQLIND   POINTER.
              10 SQLNAME.
                 49 SQLNAMEL PIC S9(4) COMP.
                 49 SQLNAMEC PIC X(30).
`

const TEXTS: ReadonlyMap<string, string> = new Map([
  ['SQLCA', SQLCA],
  ['SQLDA', SQLDA],
])

/** The text of a member of Db2, for a library that does not have it. */
export function knownMember(member: string): Source | undefined {
  const name = member.toUpperCase()
  const text = TEXTS.get(name)
  return text === undefined ? undefined : { name, text }
}

/** CICS, MQ, IMS, Language Environment and COBOL itself, Db2, TCP/IP. */
const HOST = /^(?:DFH|CMQ|CSQ|DFS|DLIUIB$|CEEIGZ|IGZ|DSN|EZA|EZB)/i

/** Whether only the mainframe has the member: a program that names it can be read without. */
export function isHostMember(member: string): boolean {
  return HOST.test(member)
}

const WHOLE_RECORDS: ReadonlySet<string> = new Set(['DFHAID', 'DFHBMSCA', 'DFHMSRCA', 'DFHEIBLK', 'DLIUIB'])

/** Whether the member begins with a level 01, so that it adds nothing to the record before it. */
export function beginsRecord(member: string): boolean {
  return WHOLE_RECORDS.has(member.toUpperCase())
}
