       IDENTIFICATION DIVISION.
       PROGRAM-ID. PROGRAM1.
       AUTHOR. J. O'BRIEN.
       ENVIRONMENT DIVISION.
       CONFIGURATION SECTION.
       SPECIAL-NAMES.
           DECIMAL-POINT IS COMMA.
       DATA DIVISION.
       FILE SECTION.
       FD  OUT-FILE RECORDING MODE F.
       01  OUT-RECORD               PIC X(80).
       WORKING-STORAGE SECTION.
           EXEC SQL INCLUDE SQLCA END-EXEC.
       77  WS-COUNT                 PIC S9(4) COMP.
       78  WS-MOST                  VALUE 3.
       01  WS-LINE.
           05  WS-AMOUNT            PIC Z.ZZ9,99- OCCURS WS-MOST.
       LINKAGE SECTION.
       01  LK-AREA                  EXTERNAL.
           05  LK-RATE              PIC SVPP9(3) COMP-3.
       PROCEDURE DIVISION USING LK-AREA.
           COPY NOTHERE.
           GOBACK.
