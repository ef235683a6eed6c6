      ******************************************************************
      * CUSTOMER: a card holder, one record of CUSTDATA.PS.
      ******************************************************************
       01  CUSTOMER.
           05  CUST-ID                    PIC X(09).
           05  CUST-FIRST-NAME            PIC X(25).
           05  CUST-MIDDLE-NAME           PIC X(25).
           05  CUST-LAST-NAME             PIC X(25).
           05  CUST-ADDRESS-LINE          PIC X(50) OCCURS 3 TIMES.
           05  CUST-STATE                 PIC X(02).
           05  CUST-COUNTRY               PIC X(03).
           05  CUST-ZIP                   PIC X(10).
           05  CUST-PHONE                 PIC X(15) OCCURS 2 TIMES.
           05  CUST-SOCIAL-SECURITY       PIC X(09).
           05  CUST-GOVERNMENT-ID         PIC X(20).
           05  CUST-BORN                  PIC X(10).
           05  CUST-EFT-ACCOUNT           PIC X(10).
           05  CUST-PRIMARY-HOLDER        PIC X(01).
           05  CUST-CREDIT-SCORE          PIC 9(03).
           05  FILLER                     PIC X(168).
