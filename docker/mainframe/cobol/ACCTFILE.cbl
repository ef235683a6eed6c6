      ******************************************************************
      * ACCTFILE: the accounts file. Every change is logged as an after
      * image before the caller goes on.
      *   CALL 'ACCTFILE' USING FILE-CALL ACCOUNT-AREA.
      ******************************************************************
       IDENTIFICATION DIVISION.
       PROGRAM-ID. ACCTFILE.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT ACCOUNTS ASSIGN TO EXTERNAL ACCOUNTS
               ORGANIZATION INDEXED ACCESS DYNAMIC
               RECORD KEY AC-NUMBER
               FILE STATUS WS-STATUS.
       DATA DIVISION.
       FILE SECTION.
       FD  ACCOUNTS.
       01  ACCOUNT-RECORD.
       COPY ACCOUNT.
       WORKING-STORAGE SECTION.
       01  WS-STATUS                   PIC X(02).
           88  WS-DONE                 VALUE '00' '02'.
           88  WS-ABSENT               VALUE '23'.
       LINKAGE SECTION.
       COPY FILECALL.
       01  ACCOUNT-AREA                PIC X(63).
       PROCEDURE DIVISION USING FILE-CALL ACCOUNT-AREA.
           SET FC-OK TO TRUE
           EVALUATE TRUE
           WHEN FC-OPEN
               OPEN OUTPUT ACCOUNTS
               CLOSE ACCOUNTS
               OPEN I-O ACCOUNTS
           WHEN FC-CLOSE
               CLOSE ACCOUNTS
           WHEN FC-LOAD
               MOVE ACCOUNT-AREA TO ACCOUNT-RECORD
               WRITE ACCOUNT-RECORD
                   INVALID KEY REWRITE ACCOUNT-RECORD
               END-WRITE
           WHEN FC-READ
               MOVE ACCOUNT-AREA TO ACCOUNT-RECORD
               READ ACCOUNTS
               MOVE ACCOUNT-RECORD TO ACCOUNT-AREA
           WHEN FC-REWRITE
               CALL 'AFTERIMG' USING 'ACCOUNTS' ACCOUNT-AREA
                   BY CONTENT LENGTH OF ACCOUNT-AREA
               MOVE ACCOUNT-AREA TO ACCOUNT-RECORD
               REWRITE ACCOUNT-RECORD
           WHEN OTHER
               MOVE '??' TO WS-STATUS
           END-EVALUATE
           EVALUATE TRUE
           WHEN WS-DONE
               CONTINUE
           WHEN WS-ABSENT
               SET FC-NOT-FOUND TO TRUE
           WHEN OTHER
               CALL 'HALT' USING 'ACCOUNTS' WS-STATUS
           END-EVALUATE
           GOBACK.
