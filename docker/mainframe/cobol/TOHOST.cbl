      ******************************************************************
      * TOHOST: local text (Latin-1) to host text (cp037), in place. Also
      * for zoned numbers: the digits 30-39 become F0-F9, and the signs
      * {, A-I, }, J-R of -fsign=EBCDIC become C0-C9, D0-D9.
      *   CALL 'TOHOST' USING text length.
      ******************************************************************
       IDENTIFICATION DIVISION.
       PROGRAM-ID. TOHOST.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY CP037.
       LINKAGE SECTION.
       01  SOME-TEXT                   PIC X(256).
       01  TEXT-LENGTH                 PIC S9(09) COMP-5.
       PROCEDURE DIVISION USING SOME-TEXT TEXT-LENGTH.
           INSPECT SOME-TEXT(1:TEXT-LENGTH)
               CONVERTING LOCAL-CODES TO HOST-CODES
           GOBACK.
