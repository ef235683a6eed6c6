      ******************************************************************
      * FROMHOST: host text (cp037) to local text (Latin-1), into a field
      * of the caller's.  CALL 'FROMHOST' USING from to length.
      ******************************************************************
       IDENTIFICATION DIVISION.
       PROGRAM-ID. FROMHOST.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY CP037.
       LINKAGE SECTION.
       01  HOST-TEXT                   PIC X(256).
       01  LOCAL-TEXT                  PIC X(256).
       01  TEXT-LENGTH                 PIC S9(09) COMP-5.
       PROCEDURE DIVISION USING HOST-TEXT LOCAL-TEXT TEXT-LENGTH.
           MOVE HOST-TEXT(1:TEXT-LENGTH) TO LOCAL-TEXT(1:TEXT-LENGTH)
           INSPECT LOCAL-TEXT(1:TEXT-LENGTH)
               CONVERTING HOST-CODES TO LOCAL-CODES
           GOBACK.
