      ******************************************************************
      * SEED: fills an empty bank: customers, accounts, and as many load
      * accounts as asked for. Everything is logged as after images, so
      * that recovery brings it back like any other change.
      *   CALL 'SEED' USING load-accounts.
      ******************************************************************
       IDENTIFICATION DIVISION.
       PROGRAM-ID. SEED.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY FILECALL.
       COPY SEEDACCT.
       COPY SEEDCUST.
       01  ACCOUNT-AREA.
       COPY ACCOUNT.
       01  CUSTOMER-AREA.
       COPY CUSTOMER.
       01  I                           PIC 9(09) COMP-5.
       01  WS-LOAD-NUMBER              PIC 9(10).
       01  WS-FIRST-CUSTOMER           PIC 9(08) VALUE 10001.
       01  WS-LOAD-CUSTOMER            PIC 9(08) VALUE 20000.
       LINKAGE SECTION.
       01  LOAD-ACCOUNTS               PIC S9(09) COMP-5.
       PROCEDURE DIVISION USING LOAD-ACCOUNTS.
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 30
               COMPUTE CU-NUMBER = WS-FIRST-CUSTOMER + I - 1
               MOVE SEED-HOLDER(I) TO CU-HOLDER
               PERFORM KEEP-CUSTOMER
           END-PERFORM
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 50
               PERFORM MAKE-ACCOUNT
               PERFORM KEEP-ACCOUNT
           END-PERFORM
           IF LOAD-ACCOUNTS > 0
               MOVE WS-LOAD-CUSTOMER TO CU-NUMBER
               MOVE 'Load Test' TO CU-HOLDER
               PERFORM KEEP-CUSTOMER
           END-IF
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > LOAD-ACCOUNTS
               PERFORM MAKE-LOAD-ACCOUNT
               PERFORM KEEP-ACCOUNT
           END-PERFORM
           GOBACK.

       MAKE-ACCOUNT.
           INITIALIZE ACCOUNT-AREA
           MOVE LOW-VALUES TO AC-TERMS
           MOVE SA-NUMBER(I) TO AC-NUMBER
           MOVE SA-CUSTOMER-NUMBER(I) TO AC-CUSTOMER-NUMBER
           MOVE SA-CURRENCY(I) TO AC-CURRENCY
           MOVE SA-PRODUCT(I) TO AC-PRODUCT
           MOVE SA-STATE(I) TO AC-STATE
           MOVE SA-OPENED-ON(I) TO AC-OPENED-ON
           MOVE SA-BALANCE(I) TO AC-BALANCE
           IF AC-SAVINGS-ACCOUNT
               MOVE SA-RATE(I) TO AC-SAVINGS-RATE
               MOVE SA-NOTICE-DAYS(I) TO AC-NOTICE-DAYS
           ELSE
               MOVE SA-LIMIT(I) TO AC-OVERDRAFT-LIMIT
               MOVE SA-RATE(I) TO AC-OVERDRAFT-RATE
           END-IF.

       MAKE-LOAD-ACCOUNT.
           INITIALIZE ACCOUNT-AREA
           MOVE LOW-VALUES TO AC-TERMS
           COMPUTE WS-LOAD-NUMBER = 2000000000 + I
           MOVE WS-LOAD-NUMBER TO AC-NUMBER
           MOVE WS-LOAD-CUSTOMER TO AC-CUSTOMER-NUMBER
           MOVE 'EUR' TO AC-CURRENCY
           SET AC-ACTIVE TO TRUE
           SET AC-CURRENT-ACCOUNT TO TRUE
           MOVE 20240101 TO AC-OPENED-ON
           MOVE 10000.00 TO AC-BALANCE
           MOVE 0 TO AC-OVERDRAFT-LIMIT
           MOVE 0 TO AC-OVERDRAFT-RATE.

       KEEP-CUSTOMER.
           SET FC-LOAD TO TRUE
           CALL 'CUSTFILE' USING FILE-CALL CUSTOMER-AREA
           CALL 'AFTERIMG' USING 'CUSTOMRS' CUSTOMER-AREA
               BY CONTENT LENGTH OF CUSTOMER-AREA.

       KEEP-ACCOUNT.
           SET FC-LOAD TO TRUE
           CALL 'ACCTFILE' USING FILE-CALL ACCOUNT-AREA
           CALL 'AFTERIMG' USING 'ACCOUNTS' ACCOUNT-AREA
               BY CONTENT LENGTH OF ACCOUNT-AREA.
