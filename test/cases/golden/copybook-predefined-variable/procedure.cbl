       IDENTIFICATION DIVISION.
       PROGRAM-ID. PROG.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  REC.
           05  A           PIC X(4).
       PROCEDURE DIVISION.
      >>IF IGY-ARCH > 10
           CONTINUE.
      >>END-IF
           GOBACK.
