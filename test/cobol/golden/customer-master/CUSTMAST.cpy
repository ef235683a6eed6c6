000100*----------------------------------------------------------------*00010000
000200* CUSTOMER MASTER, RECORD TYPES BY CM-TYPE                        *00020000
000300*----------------------------------------------------------------*00030000
000400 01  CM-RECORD.                                                   00040000
000500     COPY KEYS REPLACING ==:P:== BY ==CM==                        00050000
000600                         LEADING ==OLD-== BY ==NEW-==.            00060000
000700     05  CM-TYPE                 PIC X.                           00070000
000800         88  CM-PERSON           VALUE 'P'.                       00080000
000900         88  CM-COMPANY          VALUE 'C' 'D' THRU 'F'.          00090000
001000     05  CM-PERSON-DATA.                                          00100000
001100         10  CM-NAME             PIC X(30).                       00110000
001200         10  CM-BORN             PIC 9(8).                        00120000
001300     05  CM-COMPANY-DATA         REDEFINES CM-PERSON-DATA.        00130000
001400         10  CM-TITLE            PIC X(40).                       00140000
001500     EJECT                                                        00150000
001600     05  CM-LIMIT                PIC S9(7)V99 COMP-3.             00160000
001700     05  CM-ACCOUNT-COUNT        PIC S9(4) COMP.                  00170000
001800     05  CM-ACCOUNTS             OCCURS 1 TO 10 TIMES             00180000
001900                                 DEPENDING ON CM-ACCOUNT-COUNT    00190000
002000                                 INDEXED BY CM-X.                 00200000
002100         10  CM-ACCOUNT          PIC X(10).                       00210000
002200         10  CM-BALANCE          PIC S9(9)V99 SIGN TRAILING.      00220000
002300     05  CM-TRAILER              PIC X(4).                        00230000
