      ******************************************************************
      * REVENT: reverse an entry, found by the reference it was posted
      * with: a contra entry of the other direction, with a reference of
      * its own. Where a reference was posted twice, each call reverses
      * the first that is not reversed yet. A reversal itself cannot be
      * reversed. State and funds of the account are not checked: a
      * correction must always be possible.
      ******************************************************************
       IDENTIFICATION DIVISION.
       PROGRAM-ID. REVENT.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY FILECALL.
       COPY EFFECT.
       01  ACCOUNT-AREA.
       COPY ACCOUNT.
       01  ENTRY-AREA.
       COPY BOOKED.
       01  WS-REFERENCE                PIC X(16).
       01  WS-ORIGINAL-REFERENCE       PIC X(16).
       01  WS-NEW-BALANCE              PIC S9(13)V99 COMP-3.
       01  WS-SEARCH                   PIC X(01).
           88  SEARCHING               VALUE 'S'.
           88  SEARCH-ENDED            VALUE 'E'.
       LINKAGE SECTION.
       COPY DFHEIBLK.
       COPY REVENT.
       PROCEDURE DIVISION USING DFHEIBLK RE-AREA.
           IF EIBCALEN < LENGTH OF RE-AREA
               CALL 'ABEND' USING 'ALEN'
               GOBACK
           END-IF
           CALL 'FROMHOST' USING RE-REFERENCE WS-REFERENCE
               BY CONTENT LENGTH OF WS-REFERENCE
           CALL 'FROMHOST' USING RE-ORIGINAL-REFERENCE
               WS-ORIGINAL-REFERENCE
               BY CONTENT LENGTH OF WS-ORIGINAL-REFERENCE
           INITIALIZE RE-REPLY
           SET RE-OK TO TRUE
           IF EIB-DETECTS-DUPLICATES
               PERFORM CHECK-DUPLICATE
           END-IF
           IF RE-OK
               PERFORM FIND-ORIGINAL
           END-IF
           IF RE-OK
               PERFORM BOOK-REVERSAL
           END-IF
           CALL 'TOHOST' USING RE-STATUS
               BY CONTENT LENGTH OF RE-STATUS
           GOBACK.

       CHECK-DUPLICATE.
           MOVE WS-REFERENCE TO EN-REFERENCE
           SET FC-FIND TO TRUE
           CALL 'ENTRFILE' USING FILE-CALL ENTRY-AREA
           IF FC-OK
               SET RE-DUPLICATE TO TRUE
               MOVE EN-NUMBER TO RE-ENTRY-NUMBER
               MOVE EN-BALANCE TO RE-BALANCE
           END-IF.

       FIND-ORIGINAL.
           SET RE-NOT-FOUND TO TRUE
           SET SEARCHING TO TRUE
           MOVE WS-ORIGINAL-REFERENCE TO EN-REFERENCE
           SET FC-FIND TO TRUE
           PERFORM UNTIL SEARCH-ENDED
               CALL 'ENTRFILE' USING FILE-CALL ENTRY-AREA
               EVALUATE TRUE
               WHEN FC-NOT-FOUND
                   SET SEARCH-ENDED TO TRUE
               WHEN EN-REVERSAL
                   CONTINUE
               WHEN EN-IS-REVERSED
                   SET RE-ALREADY-REVERSED TO TRUE
               WHEN OTHER
                   SET RE-OK TO TRUE
                   SET SEARCH-ENDED TO TRUE
               END-EVALUATE
               SET FC-NEXT TO TRUE
           END-PERFORM.

       BOOK-REVERSAL.
           MOVE EN-ACCOUNT TO AC-NUMBER
           SET FC-READ TO TRUE
           CALL 'ACCTFILE' USING FILE-CALL ACCOUNT-AREA
           IF EN-DEBIT
               ADD EN-AMOUNT TO AC-BALANCE GIVING WS-NEW-BALANCE
           ELSE
               SUBTRACT EN-AMOUNT FROM AC-BALANCE
                   GIVING WS-NEW-BALANCE
           END-IF
           SET EN-IS-REVERSED TO TRUE
           SET FC-REWRITE TO TRUE
           CALL 'ENTRFILE' USING FILE-CALL ENTRY-AREA
           PERFORM MAKE-CONTRA-ENTRY
           SET FC-WRITE TO TRUE
           CALL 'ENTRFILE' USING FILE-CALL ENTRY-AREA
           MOVE WS-NEW-BALANCE TO AC-BALANCE
           ADD 1 TO AC-ENTRY-COUNT
           SET FC-REWRITE TO TRUE
           CALL 'ACCTFILE' USING FILE-CALL ACCOUNT-AREA
           PERFORM JOURNAL-EFFECT
           MOVE EN-NUMBER TO RE-ENTRY-NUMBER
           MOVE EN-BALANCE TO RE-BALANCE.

      *    Account and amount stay those of the original.
       MAKE-CONTRA-ENTRY.
           MOVE EN-NUMBER TO EN-REVERSED-ENTRY
           MOVE WS-ORIGINAL-REFERENCE TO EN-REVERSES
           MOVE WS-REFERENCE TO EN-REFERENCE
           SET EN-REVERSAL TO TRUE
           SET EN-NOT-REVERSED TO TRUE
           IF EN-DEBIT
               SET EN-CREDIT TO TRUE
           ELSE
               SET EN-DEBIT TO TRUE
           END-IF
           MOVE WS-NEW-BALANCE TO EN-BALANCE
           MOVE EIBDATE TO EN-BOOKED-ON
           MOVE EIBTIME TO EN-BOOKED-AT
           MOVE SPACES TO EN-TEXT.

       JOURNAL-EFFECT.
           MOVE 'REVENT' TO EF-PROGRAM
           MOVE EN-REFERENCE TO EF-REFERENCE
           MOVE EN-ACCOUNT TO EF-ACCOUNT
           MOVE EN-DIRECTION TO EF-DIRECTION
           MOVE EN-AMOUNT TO EF-AMOUNT
           MOVE EN-BALANCE TO EF-BALANCE
           MOVE AC-CURRENCY TO EF-CURRENCY
           MOVE EN-NUMBER TO EF-ENTRY-NUMBER
           CALL 'EFFECT' USING EFFECT-LINE.
