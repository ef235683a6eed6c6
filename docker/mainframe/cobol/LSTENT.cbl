      ******************************************************************
      * LSTENT: list the newest entries of an account, newest first; with
      * LE-BEFORE-ENTRY the ones before that entry. Writes up to the
      * maximum of the table, so it needs the maximum COMMAREA.
      ******************************************************************
       IDENTIFICATION DIVISION.
       PROGRAM-ID. LSTENT.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY FILECALL.
       01  ACCOUNT-AREA.
       COPY ACCOUNT.
       01  ENTRY-AREA.
       COPY BOOKED.
       01  WS-MOST-ENTRIES             PIC 9(04) COMP-5 VALUE 50.
       01  I                           PIC 9(04) COMP-5.
       LINKAGE SECTION.
       COPY DFHEIBLK.
       COPY LSTENT.
       PROCEDURE DIVISION USING DFHEIBLK LE-AREA.
           MOVE 0 TO I
           IF EIBCALEN < 18 + 50 * LENGTH OF LE-ENTRIES
               CALL 'ABEND' USING 'ALEN'
               GOBACK
           END-IF
           CALL 'FROMHOST' USING LE-ACCOUNT-NUMBER AC-NUMBER
               BY CONTENT LENGTH OF AC-NUMBER
           SET FC-READ TO TRUE
           CALL 'ACCTFILE' USING FILE-CALL ACCOUNT-AREA
           MOVE 0 TO LE-ENTRY-COUNT
           IF FC-NOT-FOUND
               SET LE-NOT-FOUND TO TRUE
           ELSE
               SET LE-OK TO TRUE
               PERFORM LIST-ENTRIES
           END-IF
           CALL 'TOHOST' USING LE-STATUS
               BY CONTENT LENGTH OF LE-STATUS
           GOBACK.

       LIST-ENTRIES.
           MOVE AC-NUMBER TO EN-ACCOUNT
           MOVE LE-BEFORE-ENTRY TO EN-NUMBER
           IF LE-BEFORE-ENTRY = 0
               MOVE 999999999 TO EN-NUMBER
           END-IF
           SET FC-BROWSE TO TRUE
           CALL 'ENTRFILE' USING FILE-CALL ENTRY-AREA
           IF FC-OK
               PERFORM LIST-PRIOR-ENTRY
                   UNTIL FC-NOT-FOUND
                   OR LE-ENTRY-COUNT = WS-MOST-ENTRIES
           END-IF.

       LIST-PRIOR-ENTRY.
           SET FC-PRIOR TO TRUE
           CALL 'ENTRFILE' USING FILE-CALL ENTRY-AREA
           IF FC-OK
               ADD 1 TO LE-ENTRY-COUNT
               MOVE LE-ENTRY-COUNT TO I
               PERFORM SHOW-ENTRY
           END-IF.

       SHOW-ENTRY.
           MOVE EN-NUMBER TO LE-ENTRY-NUMBER(I)
           MOVE EN-BOOKED-ON TO LE-BOOKED-ON(I)
           MOVE EN-BOOKED-AT TO LE-BOOKED-AT(I)
           IF EN-DEBIT
               COMPUTE LE-AMOUNT(I) = 0 - EN-AMOUNT
           ELSE
               MOVE EN-AMOUNT TO LE-AMOUNT(I)
           END-IF
           MOVE EN-BALANCE TO LE-BALANCE(I)
           MOVE EN-KIND TO LE-KIND(I)
           MOVE SPACES TO LE-DETAIL(I)
           IF EN-REVERSAL
               MOVE EN-REFERENCE TO LE-OWN-REFERENCE(I)
               MOVE EN-REVERSES TO LE-REVERSES(I)
               CALL 'TOHOST' USING LE-DETAIL(I)
                   BY CONTENT LENGTH OF LE-DETAIL(I)
               MOVE EN-REVERSED-ENTRY TO LE-REVERSED-ENTRY(I)
           ELSE
               MOVE EN-REFERENCE TO LE-REFERENCE(I)
               MOVE EN-TEXT TO LE-TEXT(I)
               CALL 'TOHOST' USING LE-DETAIL(I)
                   BY CONTENT LENGTH OF LE-DETAIL(I)
           END-IF
           CALL 'TOHOST' USING LE-BOOKED-ON(I)
               BY CONTENT LENGTH OF LE-BOOKED-ON(I)
           CALL 'TOHOST' USING LE-BOOKED-AT(I)
               BY CONTENT LENGTH OF LE-BOOKED-AT(I)
           CALL 'TOHOST' USING LE-AMOUNT(I)
               BY CONTENT LENGTH OF LE-AMOUNT(I)
           CALL 'TOHOST' USING LE-KIND(I)
               BY CONTENT LENGTH OF LE-KIND(I).
