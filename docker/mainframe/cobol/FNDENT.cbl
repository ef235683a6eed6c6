      ******************************************************************
      * FNDENT: find the entries that carry a caller's reference, count
      * them and show the first.
      ******************************************************************
       IDENTIFICATION DIVISION.
       PROGRAM-ID. FNDENT.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY FILECALL.
       01  ENTRY-AREA.
       COPY BOOKED.
       LINKAGE SECTION.
       COPY DFHEIBLK.
       COPY FNDENT.
       PROCEDURE DIVISION USING DFHEIBLK FE-AREA.
           IF EIBCALEN < LENGTH OF FE-AREA
               CALL 'ABEND' USING 'ALEN'
               GOBACK
           END-IF
           CALL 'FROMHOST' USING FE-REFERENCE EN-REFERENCE
               BY CONTENT LENGTH OF EN-REFERENCE
           INITIALIZE FE-REPLY
           SET FC-FIND TO TRUE
           CALL 'ENTRFILE' USING FILE-CALL ENTRY-AREA
           IF FC-NOT-FOUND
               SET FE-NOT-FOUND TO TRUE
           ELSE
               PERFORM SHOW-FIRST-ENTRY
               PERFORM UNTIL FC-NOT-FOUND
                   ADD 1 TO FE-MATCHES
                   SET FC-NEXT TO TRUE
                   CALL 'ENTRFILE' USING FILE-CALL ENTRY-AREA
               END-PERFORM
           END-IF
           PERFORM REPLY-TO-HOST-CODES
           GOBACK.

       SHOW-FIRST-ENTRY.
           SET FE-OK TO TRUE
           MOVE EN-NUMBER TO FE-ENTRY-NUMBER
           MOVE EN-ACCOUNT TO FE-ACCOUNT-NUMBER
           MOVE EN-DIRECTION TO FE-DIRECTION
           MOVE EN-AMOUNT TO FE-AMOUNT
           MOVE EN-BALANCE TO FE-BALANCE
           MOVE EN-REVERSED TO FE-REVERSED
           MOVE EN-REVERSES TO FE-REVERSES.

       REPLY-TO-HOST-CODES.
           CALL 'TOHOST' USING FE-STATUS
               BY CONTENT LENGTH OF FE-STATUS
           CALL 'TOHOST' USING FE-ACCOUNT-NUMBER
               BY CONTENT LENGTH OF FE-ACCOUNT-NUMBER
           CALL 'TOHOST' USING FE-DIRECTION
               BY CONTENT LENGTH OF FE-DIRECTION
           CALL 'TOHOST' USING FE-REVERSED
               BY CONTENT LENGTH OF FE-REVERSED
           CALL 'TOHOST' USING FE-REVERSES
               BY CONTENT LENGTH OF FE-REVERSES.
