       PROGRAM-ID. BATCH.
       AUTHOR. NOBODY.
       CONFIGURATION SECTION.
       SPECIAL-NAMES.
           DECIMAL-POINT IS COMMA.
       WORKING-STORAGE SECTION.
       77                           PIC 9(4) COMP VALUE 7.
       77  FILLER                   PIC X VALUE 'N'.
           88  TRACING              VALUE 'Y'.
       01  BATCH-LINE.
           05  BATCH-TOTAL          PIC Z.ZZ9,99.
       PROCEDURE DIVISION.
           STOP RUN.
