      ******************************************************************
      * ENTRFILE: the entries file. Gives a new entry its number; finds
      * entries by reference (duplicates in the order they were written)
      * and by account. Every change is logged as an after image.
      *   CALL 'ENTRFILE' USING FILE-CALL ENTRY-AREA.
      ******************************************************************
       IDENTIFICATION DIVISION.
       PROGRAM-ID. ENTRFILE.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT ENTRIES ASSIGN TO EXTERNAL ENTRIES
               ORGANIZATION INDEXED ACCESS DYNAMIC
               RECORD KEY EN-BY-ACCOUNT
               ALTERNATE RECORD KEY EN-REFERENCE WITH DUPLICATES
               FILE STATUS WS-STATUS.
       DATA DIVISION.
       FILE SECTION.
       FD  ENTRIES.
       01  ENTRY-RECORD.
       COPY BOOKED.
       WORKING-STORAGE SECTION.
       01  WS-STATUS                   PIC X(02).
           88  WS-DONE                 VALUE '00' '02'.
           88  WS-ABSENT               VALUE '10' '23' '46'.
       01  WS-SOUGHT.
           05  WS-REFERENCE            PIC X(16).
           05  WS-ACCOUNT              PIC X(10).
       01  WS-LAST-NUMBER              PIC 9(09) COMP-5 VALUE 0.
       LINKAGE SECTION.
       COPY FILECALL.
       01  ENTRY-AREA                  PIC X(112).
       PROCEDURE DIVISION USING FILE-CALL ENTRY-AREA.
           SET FC-OK TO TRUE
           EVALUATE TRUE
           WHEN FC-OPEN
               OPEN OUTPUT ENTRIES
               CLOSE ENTRIES
               OPEN I-O ENTRIES
               MOVE 0 TO WS-LAST-NUMBER
           WHEN FC-CLOSE
               CLOSE ENTRIES
           WHEN FC-LOAD
               MOVE ENTRY-AREA TO ENTRY-RECORD
               IF EN-NUMBER > WS-LAST-NUMBER
                   MOVE EN-NUMBER TO WS-LAST-NUMBER
               END-IF
               WRITE ENTRY-RECORD
                   INVALID KEY REWRITE ENTRY-RECORD
               END-WRITE
           WHEN FC-WRITE
               ADD 1 TO WS-LAST-NUMBER
               MOVE ENTRY-AREA TO ENTRY-RECORD
               MOVE WS-LAST-NUMBER TO EN-NUMBER
               MOVE ENTRY-RECORD TO ENTRY-AREA
               PERFORM LOG-AFTER-IMAGE
               WRITE ENTRY-RECORD
           WHEN FC-REWRITE
               PERFORM LOG-AFTER-IMAGE
               MOVE ENTRY-AREA TO ENTRY-RECORD
               REWRITE ENTRY-RECORD
           WHEN FC-FIND
               MOVE ENTRY-AREA TO ENTRY-RECORD
               MOVE EN-REFERENCE TO WS-REFERENCE
               READ ENTRIES KEY IS EN-REFERENCE
               MOVE ENTRY-RECORD TO ENTRY-AREA
           WHEN FC-NEXT
               READ ENTRIES NEXT RECORD
               IF WS-DONE AND EN-REFERENCE NOT = WS-REFERENCE
                   MOVE '10' TO WS-STATUS
               END-IF
               MOVE ENTRY-RECORD TO ENTRY-AREA
           WHEN FC-BROWSE
               MOVE ENTRY-AREA TO ENTRY-RECORD
               MOVE EN-ACCOUNT TO WS-ACCOUNT
               START ENTRIES KEY IS LESS THAN EN-BY-ACCOUNT
           WHEN FC-PRIOR
               READ ENTRIES PREVIOUS RECORD
               IF WS-DONE AND EN-ACCOUNT NOT = WS-ACCOUNT
                   MOVE '10' TO WS-STATUS
               END-IF
               MOVE ENTRY-RECORD TO ENTRY-AREA
           WHEN OTHER
               MOVE '??' TO WS-STATUS
           END-EVALUATE
           EVALUATE TRUE
           WHEN WS-DONE
               CONTINUE
           WHEN WS-ABSENT
               SET FC-NOT-FOUND TO TRUE
           WHEN OTHER
               CALL 'HALT' USING 'ENTRIES ' WS-STATUS
           END-EVALUATE
           GOBACK.

       LOG-AFTER-IMAGE.
           CALL 'AFTERIMG' USING 'ENTRIES ' ENTRY-AREA
               BY CONTENT LENGTH OF ENTRY-AREA.
