      ******************************************************************
      * CUSTFILE: the customers file.
      *   CALL 'CUSTFILE' USING FILE-CALL CUSTOMER-AREA.
      ******************************************************************
       IDENTIFICATION DIVISION.
       PROGRAM-ID. CUSTFILE.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT CUSTOMRS ASSIGN TO EXTERNAL CUSTOMRS
               ORGANIZATION INDEXED ACCESS DYNAMIC
               RECORD KEY CU-NUMBER
               FILE STATUS WS-STATUS.
       DATA DIVISION.
       FILE SECTION.
       FD  CUSTOMRS.
       01  CUSTOMER-RECORD.
       COPY CUSTOMER.
       WORKING-STORAGE SECTION.
       01  WS-STATUS                   PIC X(02).
           88  WS-DONE                 VALUE '00' '02'.
           88  WS-ABSENT               VALUE '23'.
       LINKAGE SECTION.
       COPY FILECALL.
       01  CUSTOMER-AREA               PIC X(38).
       PROCEDURE DIVISION USING FILE-CALL CUSTOMER-AREA.
           SET FC-OK TO TRUE
           EVALUATE TRUE
           WHEN FC-OPEN
               OPEN OUTPUT CUSTOMRS
               CLOSE CUSTOMRS
               OPEN I-O CUSTOMRS
           WHEN FC-CLOSE
               CLOSE CUSTOMRS
           WHEN FC-LOAD
               MOVE CUSTOMER-AREA TO CUSTOMER-RECORD
               WRITE CUSTOMER-RECORD
                   INVALID KEY REWRITE CUSTOMER-RECORD
               END-WRITE
           WHEN FC-READ
               MOVE CUSTOMER-AREA TO CUSTOMER-RECORD
               READ CUSTOMRS
               MOVE CUSTOMER-RECORD TO CUSTOMER-AREA
           WHEN OTHER
               MOVE '??' TO WS-STATUS
           END-EVALUATE
           EVALUATE TRUE
           WHEN WS-DONE
               CONTINUE
           WHEN WS-ABSENT
               SET FC-NOT-FOUND TO TRUE
           WHEN OTHER
               CALL 'HALT' USING 'CUSTOMRS' WS-STATUS
           END-EVALUATE
           GOBACK.
